-- include presence/lib
-- A connection of a user has gone. Returns how many are left.
-- ARGV: 3 user, 4 member,
--       5 for how many ms the user is expected back, and counts as connected (0 = not)
local was = redis.call('HDEL', CONNS, ARGV[4])
local count = redis.call('HLEN', CONNS)
if was == 1 then
  redis.call('HSET', STATE, 'seen', NOW)
  if ARGV[5] ~= '0' then
    redis.call('HSET', STATE, 'away', NOW + tonumber(ARGV[5]))
  end
  redis.call('PEXPIRE', STATE, LIFETIME)
  if count > 0 then
    tell_pods('1 c ' .. ARGV[3] .. ' ' .. count)
  end
end
return count
