-- include ticket/lib
-- The pod of a typist looks whether it has ended, or goes on beyond what the room was told.
-- Returns {until_ms, ms left}; {0, 0} where it has ended: by itself, by having another owner, or by
-- having begun anew, which is looked at by itself
-- ARGV: 4 member, 5 user, 6 the end the room was told, 7 when it began, in ms
local till, started, member, name = typing_entry(ARGV[5])
if not till or member ~= ARGV[4] or started ~= ARGV[7] or not load(false) then
  return { 0, 0 }
end
local left = till - NOW
if left <= 0 then
  stop_typing(ARGV[5], name)
  return { 0, 0 }
end
if till > tonumber(ARGV[6]) then
  tell('t', NOW .. ' ' .. ARGV[5] .. ' 1 ' .. left, name)
end
return { till, left }
