-- Starts a new epoch of a ticket whose store was seen to have gone back, unless somebody has.
-- Returns 1 where it did, else 0.
-- KEYS: 1 meta, 2 log, 3 events
-- ARGV: 1 the epoch that no longer counts, 2 the random part of the new one
if redis.call('HGET', KEYS[1], 'epoch') == ARGV[1] then
  local clock = redis.call('TIME')
  local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
  redis.call('HSET', KEYS[1], 'epoch', string.format('%.0f', now) .. '_' .. ARGV[2]) -- see Epochs
  return 1
end
return 0
