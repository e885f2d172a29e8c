-- include presence/lib
-- All connections of a user are to end, and tokens issued up to some time count no longer.
-- Returns how many connections there are.
-- ARGV: 3 user, 4 tokens up to which ms are refused (0 = none, -1 = up to now),
--       5 how long that is remembered, in ms, 6 the pod's time in ms: tokens are issued by other
--       clocks than the store's, which may be behind
redis.call('HSET', STATE, 'closed', NOW)
redis.call('HDEL', STATE, 'away')
local before = tonumber(ARGV[4])
if before == -1 then
  before = math.max(NOW, tonumber(ARGV[6]))
end
if before > 0 then
  local was = tonumber(redis.call('HGET', STATE, 'revoked') or 0)
  before = math.max(before, was)
  redis.call('HSET', STATE, 'revoked', before)
end
redis.call('PEXPIRE', STATE, math.max(tonumber(LIFETIME), tonumber(ARGV[5])))
return tell_pods('1 k ' .. ARGV[3] .. ' ' .. NOW)
