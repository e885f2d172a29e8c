-- include ticket/lib
-- How many messages of others each user has not read. Returns {count, …} in the order asked.
-- ARGV: 4… users
load(false)
local counts = {}
for i = 4, #ARGV do
  local u = ARGV[i]
  local marks = redis.call('HMGET', MARKS, 'r:' .. u, 'o:' .. u, 'p:' .. u)
  local own_since = tonumber(marks[2] or 0) - tonumber(marks[3] or 0)
  counts[#counts + 1] = math.max(0, seq - tonumber(marks[1] or 0) - own_since)
end
return counts
