-- Takes the turn to look after an incarnation that is late or dead, or keeps it: one pod at a time
-- does, and the others stand by. Returns 1, or 0 where another pod has the turn
-- KEYS: 1 sweeper
-- ARGV: 1 pod, 2 for how many ms it has the turn
local has = redis.call('GET', KEYS[1])
if has and has ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
