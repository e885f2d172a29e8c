-- include presence/lib
-- A connection of a user has gone. Returns how many are left.
-- ARGV: 3 user, 4 for how many ms the user is expected back, and counts as connected (0 = not),
--       5… members that the connection is or was
local was = redis.call('HDEL', CONNS, unpack(ARGV, 5))
local count = redis.call('HLEN', CONNS)
if was > 0 then
  redis.call('HSET', STATE, 'seen', NOW)
  if ARGV[4] ~= '0' then
    redis.call('HSET', STATE, 'away', NOW + tonumber(ARGV[4]))
  end
  redis.call('PEXPIRE', STATE, LIFETIME)
  if count > 0 then
    tell_pods('1 c ' .. ARGV[3] .. ' ' .. count)
  end
end
return count
