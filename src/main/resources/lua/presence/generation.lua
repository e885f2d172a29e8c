-- The generation of the store, which pods raise when they see that it went back. Returns it; 0 is
-- that of a store which never did.
-- KEYS: 1 generation
-- ARGV: 1 the generation that the pod knows, 2 whether the store went back in it (0 or 1),
--       3 lifetime of the key in ms
local stored = tonumber(redis.call('GET', KEYS[1]) or 0)
local known = tonumber(ARGV[1])
local generation = math.max(stored, known)
if ARGV[2] == '1' and stored <= known then
  local clock = redis.call('TIME')
  local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
  generation = math.max(now, generation + 1)
end
if generation > 0 then
  redis.call('SET', KEYS[1], generation, 'PX', ARGV[3])
end
return generation
