-- include presence/lib
-- The connections of a pod's dead incarnation are gone. Returns how many there were.
-- ARGV: 3 user, 4 the incarnation
local head, swept = ARGV[4] .. '.', 0
for _, member in ipairs(redis.call('HKEYS', CONNS)) do
  if string.sub(member, 1, #head) == head then
    redis.call('HDEL', CONNS, member)
    swept = swept + 1
  end
end
if swept > 0 then
  redis.call('HSET', STATE, 'seen', NOW)
  redis.call('PEXPIRE', STATE, LIFETIME)
  local count = redis.call('HLEN', CONNS)
  if count > 0 then
    tell_pods('1 c ' .. ARGV[3] .. ' ' .. count)
  end
end
return swept
