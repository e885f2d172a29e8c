-- Renews the lifetimes of all of a ticket's keys, as of one moment. The only place that does: whoever
-- creates a key gives it a lifetime, and this keeps all of them alike. Lifetimes are long and changes
-- many, so a renewal serves for a sixty-fourth of one.
-- KEYS: as in ticket/lib
local function renew(renewed, now, lifetime)
  if math.abs(now - tonumber(renewed or 0)) <= tonumber(lifetime) / 64 then
    return
  end
  redis.call('HSET', KEYS[2], 'renewed', now)
  for i = 2, 12 do
    redis.call('PEXPIRE', KEYS[i], lifetime)
  end
  -- What a retry is known by must last for two generations, where that is longer.
  local longest = math.max(tonumber(lifetime), tonumber(redis.call('HGET', KEYS[2], 'dedupe_for') or 0))
  redis.call('PEXPIRE', KEYS[13], longest)
  redis.call('PEXPIRE', KEYS[14], longest)
end
