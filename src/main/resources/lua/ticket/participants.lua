-- include ticket/lib
-- A page of who is in the room: support staff first, then by id. Returns {'not_joined'}, or
-- {'ok', {user, entry, …}, users there are, cursor}: entries as in the hash; the cursor asks for the
-- next page, '' = there is none
-- ARGV: 4 member ('' = the ticket system), 5 limit, 6 cursor ('' = from the beginning)
if ARGV[4] ~= '' and redis.call('HEXISTS', MEMBERS, ARGV[4]) == 0 then
  return { 'not_joined' }
end
local limit = tonumber(ARGV[5])
local all = redis.call('HGETALL', USERS)
local places, entries = {}, {}
for i = 1, #all, 2 do
  local place = (string.match(all[i + 1], '^%d+ ([01])') == '1' and 'a' or 'b') .. all[i]
  entries[place] = all[i + 1]
  if place > ARGV[6] then
    places[#places + 1] = place
  end
end
table.sort(places)
local list = {}
for i = 1, math.min(limit, #places) do
  list[#list + 1] = string.sub(places[i], 2)
  list[#list + 1] = entries[places[i]]
end
return { 'ok', list, #all / 2, #places > limit and places[limit] or '' }
