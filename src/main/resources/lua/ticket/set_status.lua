-- include ticket/lib
-- The ticket system sets the status of one message; a step back changes nothing.
-- Returns {} where there is no such message, else {letter now, 1 where it moved or 0}
-- ARGV: 4 message id, 5 letter, 6 on whose behalf
if not load(false) then
  return {}
end
local at = seq_of(ARGV[4])
if not at then
  return {}
end
local rank = { s = 1, d = 2, r = 3 }
local was, author, id = status_entry(at)
if rank[ARGV[5]] <= rank[was] then
  return { was, 0 }
end
redis.call('HSET', STATUS, at, ARGV[5] .. ' ' .. author .. ' ' .. id)
live(STATUS)
tell('s', NOW .. ' ' .. ARGV[6] .. ' ' .. ARGV[5], id)
return { ARGV[5], 1 }
