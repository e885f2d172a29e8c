-- A pod's incarnation is alive, and has that load. Tells it whether all others thought so too, and who
-- else is alive. Where none has beaten for half a lease, the store was away, or its clock has leapt, or
-- all pods stood still: that time counts for no lease.
-- Returns {now_ms, 1 where its lease held all the time or 0, the store's id, {dead incarnation, …},
--   {incarnation that is alive, its load or nothing, …}}
-- KEYS: 1 leases, 2 store, 3 loads
-- ARGV: 1 incarnation, 2 lease in ms, 3 an id for a store that has none, 4 lifetime of the keys in ms,
--   5 load
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local lease = tonumber(ARGV[2])
local newest = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
local last = tonumber(newest or 0) - lease
if now - last > lease / 2 then
  -- Whose lease had run out before has none then either; those that were taken for dead were swept.
  local all = redis.call('ZRANGEBYSCORE', KEYS[1], '(0', '+inf', 'WITHSCORES')
  for i = 1, #all, 2 do
    redis.call('ZADD', KEYS[1], tonumber(all[i + 1]) + now - last, all[i])
  end
end
local until_ms = redis.call('ZSCORE', KEYS[1], ARGV[1])
local held = (until_ms and tonumber(until_ms) >= now) and 1 or 0
redis.call('SET', KEYS[2], ARGV[3], 'NX', 'PX', ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
if held == 1 or not until_ms then
  redis.call('ZADD', KEYS[1], now + lease, ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  redis.call('HSET', KEYS[3], ARGV[1], ARGV[5])
  redis.call('PEXPIRE', KEYS[3], ARGV[4])
end
local dead = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. now)
for _, incarnation in ipairs(dead) do
  redis.call('ZADD', KEYS[1], 0, incarnation) -- for good: who is told of it sweeps it
end
local loads, stored = {}, redis.call('HGETALL', KEYS[3])
for i = 1, #stored, 2 do
  loads[stored[i]] = stored[i + 1]
end
local alive = {}
for _, incarnation in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], now, '+inf')) do
  alive[#alive + 1] = incarnation
  alive[#alive + 1] = loads[incarnation] or ''
  loads[incarnation] = nil
end
for gone in pairs(loads) do
  redis.call('HDEL', KEYS[3], gone)
end
return { now, held, redis.call('GET', KEYS[2]), dead, alive }
