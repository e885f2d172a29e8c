-- include ticket/lib
-- A user types no more. Returns {'not_joined'} or {'ok'}
-- ARGV: 4 member ('' = whichever), 5 user
if ARGV[4] ~= '' and redis.call('HEXISTS', MEMBERS, ARGV[4]) == 0 then
  return { 'not_joined' }
end
load(true)
local till, _, _, name = typing_entry(ARGV[5])
if till then
  stop_typing(ARGV[5], name)
end
return { 'ok' }
