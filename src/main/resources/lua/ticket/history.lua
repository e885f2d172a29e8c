-- include ticket/lib
-- A page of messages, oldest first. Returns {'not_joined'}, or {'ok', epoch, more (0 or 1), messages}
-- ARGV: 4 member ('' = the ticket system), 5 before, after or newest, 6 seq, 7 limit
-- The seq is put into ids as it came: Lua writes a number of 15 digits and more with an exponent.
if ARGV[4] ~= '' and redis.call('HEXISTS', MEMBERS, ARGV[4]) == 0 then
  return { 'not_joined' }
end
load(false)
local beyond, limit = '(' .. ARGV[6] .. '-0', tonumber(ARGV[7])
local entries
if ARGV[5] == 'after' then
  entries = redis.call('XRANGE', LOG, beyond, '+', 'COUNT', limit + 1)
elseif ARGV[5] == 'before' then
  entries = redis.call('XREVRANGE', LOG, beyond, '-', 'COUNT', limit + 1)
else
  entries = redis.call('XREVRANGE', LOG, '+', '-', 'COUNT', limit + 1)
end
local more = 0
if #entries > limit then
  more = 1
  entries[#entries] = nil
end
if ARGV[5] ~= 'after' then
  entries = reversed(entries)
end
return { 'ok', epoch or '', more, messages(entries) }
