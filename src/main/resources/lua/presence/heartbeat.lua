-- A pod's incarnation is alive. Tells it whether all others thought so too.
-- Returns {now_ms, 1 where its lease held all the time or 0, the store's id, dead incarnation, …}
-- KEYS: 1 leases, 2 store
-- ARGV: 1 incarnation, 2 lease in ms, 3 an id for a store that has none, 4 lifetime of the keys in ms
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local until_ms = redis.call('ZSCORE', KEYS[1], ARGV[1])
local held = (until_ms and tonumber(until_ms) >= now) and 1 or 0
redis.call('SET', KEYS[2], ARGV[3], 'NX', 'PX', ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
if held == 1 or not until_ms then
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
local dead = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. now)
return { now, held, redis.call('GET', KEYS[2]), unpack(dead) }
