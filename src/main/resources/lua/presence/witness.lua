-- A pod leaves a mark with a server of the store, which stays there unless the server goes back to
-- an earlier state. Returns {mark, now_ms}; {0, now_ms} if the server went back, and leaves none.
-- now_ms never decreases, except with the server's state.
-- KEYS: 1 the pod's mark, 2 when any pod last left one
-- ARGV: 1 the pod's last mark that it knows to be kept (0 = none), 2 lifetime of the mark in ms,
--       3 lifetime of the other key in ms, 4 for how many ms nobody may have left a mark, where the
--       pod has none: what became of the server meanwhile, nobody can tell ('' = for any time)
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local mark = tonumber(redis.call('GET', KEYS[1]) or 0)
local known = tonumber(ARGV[1])
local newest = tonumber(redis.call('GET', KEYS[2]) or now)
if mark < known or (ARGV[4] ~= '' and now - newest > tonumber(ARGV[4])) then
  return { 0, now }
end
mark = mark + 1
-- The clock of a replica that took over may be behind.
now = math.max(now, newest)
redis.call('SET', KEYS[1], mark, 'PX', ARGV[2])
redis.call('SET', KEYS[2], string.format('%.0f', now), 'PX', ARGV[3])
return { mark, now }
