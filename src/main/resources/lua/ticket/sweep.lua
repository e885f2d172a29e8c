-- include ticket/lib
-- All connections of a pod's dead incarnation leave the room, but for those that are expected back
-- for a while yet. Returns {how many left, how many are still expected}
-- ARGV: 4 the incarnation
local swept, expected = 0, 0
if load(false) then
  local head = ARGV[4] .. '.'
  local all = redis.call('HGETALL', MEMBERS)
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, #head) == head then
      local user, till = member_entry(all[i + 1])
      if till and till > NOW then
        expected = expected + 1
      elseif depart(all[i], user) then
        swept = swept + 1
      end
    end
  end
end
return { swept, expected }
