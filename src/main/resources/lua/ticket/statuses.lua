-- include ticket/lib
-- The status of messages. Returns {'not_joined'}, or {'ok', id, letter, …} for those there are.
-- ARGV: 4 member ('' = the ticket system), 5… ids
if ARGV[4] ~= '' and redis.call('HEXISTS', MEMBERS, ARGV[4]) == 0 then
  return { 'not_joined' }
end
local list = { 'ok' }
for i = 5, #ARGV do
  local at = seq_of(ARGV[i])
  if at then
    list[#list + 1] = ARGV[i]
    list[#list + 1] = (status_entry(at))
  end
end
return list
