-- include presence/leases
-- Names an incarnation dead, for good, unless its lease holds: whoever hears of it sweeps it.
-- Returns 1 where it is dead, or 0
local till = redis.call('ZSCORE', LEASES, INCARNATION)
if not till or tonumber(till) >= NOW then
  return 0
end
redis.call('ZADD', LEASES, 0, INCARNATION)
return 1
