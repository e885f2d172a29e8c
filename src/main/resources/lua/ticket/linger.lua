-- include ticket/lib
-- A connection was sent away and is expected back: it types no more, and keeps its place until then.
-- Returns 1 where it had one, else 0.
-- ARGV: 4 member, 5 user, 6 for how long, in ms
local member, user = ARGV[4], ARGV[5]
if not load(false) or redis.call('HEXISTS', MEMBERS, member) == 0 then
  return 0
end
hush(member, user)
redis.call('HSET', MEMBERS, member, user .. ' ' .. (NOW + tonumber(ARGV[6])))
return 1
