-- include presence/lib
-- Whether a user is connected; one who was sent away and is expected back counts as one connection.
-- Returns {connections, last seen in ms (0 = never)}
local seen, away = unpack(redis.call('HMGET', STATE, 'seen', 'away'))
local count = redis.call('HLEN', CONNS)
if count == 0 and tonumber(away or 0) > NOW then
  count = 1
end
return { count, count > 0 and NOW or tonumber(seen or 0) }
