-- include presence/lib
-- A user follows a ticket no longer. Returns 1.
-- ARGV: 3 user, 4 ticket
redis.call('ZREM', TICKETS, ARGV[4])
tell_pods('1 f ' .. ARGV[3] .. ' ' .. ARGV[4] .. ' 0')
return 1
