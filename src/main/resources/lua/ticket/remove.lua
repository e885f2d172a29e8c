-- include ticket/lib
-- Puts a user out of the ticket, everywhere, until a token issued later. Returns 1 where the user
-- was in the room, else 0.
-- ARGV: 4 user, 5 whether to close their connections: 1 or 0, 6 the pod's time in ms: tokens are
--       issued by other clocks than the store's, which may be behind, or have gone back
load(true)
local user, was = ARGV[4], 0
local before = tonumber(redis.call('HGET', REMOVED, user) or 0)
redis.call('HSET', REMOVED, user, math.max(NOW, tonumber(ARGV[6]), before))
redis.call('SREM', FOLLOWERS, user)
live(REMOVED)
local all = redis.call('HGETALL', MEMBERS)
for i = 1, #all, 2 do
  if member_entry(all[i + 1]) == user and depart(all[i], user) then
    was = 1
  end
end
tell('k', NOW .. ' ' .. user .. ' ' .. ARGV[5], '')
return was
