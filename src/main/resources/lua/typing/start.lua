-- include ticket/lib
-- A user types. The room hears it once; repeats only move the end, unless they come from another
-- connection: then its pod is the one to look at the end, and the room is told of that.
-- Returns {'not_joined'}, or {'ok', until_ms, 1 where the room heard it or 0, started_ms}
-- ARGV: 4 member, 5 user, 6 name, 7 how long it shows, in ms
local member, user = ARGV[4], ARGV[5]
if redis.call('HEXISTS', MEMBERS, member) == 0 then
  return { 'not_joined' }
end
load(true)
local was, started, owner = typing_entry(user)
local till = NOW + tonumber(ARGV[7])
local new = not was or was <= NOW
if new then
  started = NOW
end
local told = new or owner ~= member
redis.call('HSET', TYPING, user, till .. ' ' .. started .. ' ' .. member .. ' ' .. ARGV[6])
live(TYPING)
if told then
  tell('t', NOW .. ' ' .. user .. ' 1 ' .. ARGV[7], ARGV[6])
end
return { 'ok', till, told and 1 or 0, started }
