-- What the scripts of a user share.
-- KEYS: 1 conns, 2 state, 3 tickets, 4 rate
-- ARGV: 1 lifetime of the keys in ms, 2 what the channel of a pod begins with
local CONNS, STATE, TICKETS, RATE = unpack(KEYS)
local LIFETIME = ARGV[1]

local clock = redis.call('TIME')
local NOW = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

-- Publishes to each pod that has a connection of the user.
local function tell_pods(envelope)
  local told, pods = {}, redis.call('HVALS', CONNS)
  for _, pod in ipairs(pods) do
    if not told[pod] then
      told[pod] = true
      redis.call('PUBLISH', ARGV[2] .. pod .. '}', envelope)
    end
  end
  return #pods
end
