-- What the scripts about leases share.
-- KEYS: 1 leases: incarnation -> end of its lease in ms, 0 for one that was named dead
-- ARGV: 1 incarnation, 2 lease in ms
local LEASES, INCARNATION, LEASE = KEYS[1], ARGV[1], tonumber(ARGV[2])

local clock = redis.call('TIME')
local NOW = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

-- Where no lease was extended for half of one, the store was away, or its clock has leapt, or all pods
-- stood still: that time counts for no lease. Call before anything is extended.
local function discount_silence()
  local newest = redis.call('ZREVRANGE', LEASES, 0, 0, 'WITHSCORES')[2]
  local last = tonumber(newest or 0) - LEASE
  if NOW - last > LEASE / 2 then
    local all = redis.call('ZRANGEBYSCORE', LEASES, '(0', '+inf', 'WITHSCORES')
    for i = 1, #all, 2 do
      redis.call('ZADD', LEASES, tonumber(all[i + 1]) + NOW - last, all[i])
    end
  end
end

-- Extends the incarnation's lease, however late. Returns 1, or 0 where it was named dead or is
-- unknown, and whether it is known.
local function extend()
  local till = redis.call('ZSCORE', LEASES, INCARNATION)
  if till and tonumber(till) > 0 then
    redis.call('ZADD', LEASES, NOW + LEASE, INCARNATION)
    return 1, true
  end
  return 0, till and true or false
end
