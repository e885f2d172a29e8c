-- include presence/leases
-- A pod's incarnation is alive: its lease is extended, or taken where it is unknown. Late is not dead:
-- a lease that has run out is extended, too, unless somebody has named its incarnation dead.
-- Returns {now_ms, 1 where it held a lease or 0, the store's id, {dead incarnation, …},
--   {incarnation that is alive, its load or nothing, …},
--   {incarnation whose lease has run out, for how many ms, its address or nothing, …}}
-- KEYS: 1 leases, 2 store, 3 loads, 4 addresses
-- ARGV: 1 incarnation, 2 lease in ms, 3 an id for a store that has none, 4 lifetime of the keys in ms,
--   5 load, 6 address ('' = none)
local LIFETIME = ARGV[4]
discount_silence()
local held, known = extend()
redis.call('SET', KEYS[2], ARGV[3], 'NX', 'PX', LIFETIME)
redis.call('PEXPIRE', KEYS[2], LIFETIME)
if not known then
  redis.call('ZADD', LEASES, NOW + LEASE, INCARNATION)
end
if held == 1 or not known then
  redis.call('PEXPIRE', LEASES, LIFETIME)
  redis.call('HSET', KEYS[3], INCARNATION, ARGV[5])
  redis.call('PEXPIRE', KEYS[3], LIFETIME)
  if ARGV[6] ~= '' then
    redis.call('HSET', KEYS[4], INCARNATION, ARGV[6])
    redis.call('PEXPIRE', KEYS[4], LIFETIME)
  end
end

local dead = redis.call('ZRANGEBYSCORE', LEASES, '-inf', 0)
local late = {}
local over = redis.call('ZRANGEBYSCORE', LEASES, '(0', '(' .. NOW, 'WITHSCORES')
for i = 1, #over, 2 do
  late[#late + 1] = over[i]
  late[#late + 1] = NOW - tonumber(over[i + 1])
  late[#late + 1] = redis.call('HGET', KEYS[4], over[i]) or ''
end

local loads, stored = {}, redis.call('HGETALL', KEYS[3])
for i = 1, #stored, 2 do
  loads[stored[i]] = stored[i + 1]
end
local alive = {}
for _, incarnation in ipairs(redis.call('ZRANGEBYSCORE', LEASES, NOW, '+inf')) do
  alive[#alive + 1] = incarnation
  alive[#alive + 1] = loads[incarnation] or ''
  loads[incarnation] = nil
end
for gone in pairs(loads) do
  redis.call('HDEL', KEYS[3], gone)
end
if redis.call('HLEN', KEYS[4]) > #dead + #late / 3 + #alive / 2 then
  for _, incarnation in ipairs(redis.call('HKEYS', KEYS[4])) do
    if not redis.call('ZSCORE', LEASES, incarnation) then
      redis.call('HDEL', KEYS[4], incarnation)
    end
  end
end
return { NOW, held, redis.call('GET', KEYS[2]), dead, alive, late }
