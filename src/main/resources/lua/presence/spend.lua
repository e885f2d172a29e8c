-- include presence/lib
-- Takes one event off a user's rate, by the generic cell rate algorithm.
-- Returns 0 where it may pass, else the ms to wait.
-- ARGV: 3 ms between events (may be a fraction), 4 ms of tolerance
local interval, tolerance = tonumber(ARGV[3]), tonumber(ARGV[4])
local arrival = tonumber(redis.call('GET', RATE) or 0)
-- Later than it can be: the clock has gone back, and nothing would pass for as long.
if arrival > NOW + tolerance + interval + 1 then
  arrival = NOW + tolerance
end
local early = arrival - NOW - tolerance
if early > 0 then
  return math.ceil(early)
end
local next = math.max(arrival, NOW) + interval
redis.call('SET', RATE, string.format('%.3f', next), 'PX', math.ceil(next - NOW) + 1000)
return 0
