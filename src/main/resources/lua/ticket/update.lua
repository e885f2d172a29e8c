-- include ticket/lib
-- The room hears what the ticket system says of the ticket; followers are notified.
-- Returns 1.
-- ARGV: 4 the update, one JSON object, 5 the channel of notifications ('' = nobody is notified),
--       6 the ticket, 7 closed: '1', '0', or '' to leave it
load(true)
if ARGV[7] ~= '' then
  redis.call('HSET', META, 'closed', ARGV[7])
end
tell('u', tostring(NOW), ARGV[4])
if ARGV[5] ~= '' then
  redis.call('PUBLISH', ARGV[5], '1 v ' .. ARGV[6] .. '\n' .. ARGV[4])
end
return 1
