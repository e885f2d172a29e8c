-- include ticket/lib
-- All connections of a pod's dead incarnation leave the room. Returns how many there were.
-- ARGV: 4 the incarnation
local swept = 0
if load(false) then
  local head = ARGV[4] .. '.'
  local all = redis.call('HGETALL', MEMBERS)
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, #head) == head and depart(all[i], all[i + 1]) then
      swept = swept + 1
    end
  end
end
return swept
