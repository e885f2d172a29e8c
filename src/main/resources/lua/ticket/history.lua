-- include ticket/lib
-- A page of messages, oldest first. Returns {'not_joined'}, or {'ok', epoch, more (0 or 1), messages}
-- ARGV: 4 member ('' = the ticket system), 5 before, after or newest, 6 seq, 7 limit, 8 bytes
-- The seq is put into ids as it came: Lua writes a number of 15 digits and more with an exponent.
if ARGV[4] ~= '' and redis.call('HEXISTS', MEMBERS, ARGV[4]) == 0 then
  return { 'not_joined' }
end
load(false)
local beyond, limit, bytes = '(' .. ARGV[6] .. '-0', tonumber(ARGV[7]), tonumber(ARGV[8])
local entries, more
if ARGV[5] == 'after' then
  entries, more = read_log('XRANGE', beyond, limit, bytes)
else
  entries, more = read_log('XREVRANGE', ARGV[5] == 'before' and beyond or '+', limit, bytes)
  entries = reversed(entries)
end
return { 'ok', epoch or '', more and 1 or 0, messages(entries) }
