-- Returns the birth (ms) that a valid epoch has at least; 0 while the store has never gone back.
-- Pods raise it when they see that the store went back. It never decreases.
-- KEYS: 1 generation
-- ARGV: 1 the number that the pod knows, 2 the number to raise it to (0 = no raise),
--       3 lifetime of the key in ms
local generation = math.max(
  tonumber(redis.call('GET', KEYS[1]) or 0), tonumber(ARGV[1]), tonumber(ARGV[2]))
if generation > 0 then
  redis.call('SET', KEYS[1], string.format('%.0f', generation), 'PX', ARGV[3])
end
return generation
