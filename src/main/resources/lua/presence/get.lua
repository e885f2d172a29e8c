-- include presence/lib
-- Whether a user is connected. Returns {connections, last seen in ms (0 = never)}
local seen = redis.call('HGET', STATE, 'seen')
local count = redis.call('HLEN', CONNS)
return { count, count > 0 and NOW or tonumber(seen or 0) }
