-- include presence/lib
-- A connection of a user has gone. Returns how many are left.
-- ARGV: 3 user, 4 member
local was = redis.call('HDEL', CONNS, ARGV[4])
local count = redis.call('HLEN', CONNS)
if was == 1 then
  redis.call('HSET', STATE, 'seen', NOW)
  redis.call('PEXPIRE', STATE, LIFETIME)
  if count > 0 then
    tell_pods('1 c ' .. ARGV[3] .. ' ' .. count)
  end
end
return count
