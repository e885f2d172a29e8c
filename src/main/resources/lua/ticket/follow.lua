-- include ticket/lib
-- What a connection has still to get of the messages after a resume.
-- Returns {'gone'} where it is not in the room any more, the ticket has another epoch, or not all of
-- them are there, else {'ok', seq, rev, messages, seqs}: the next messages, as many as have room, as
-- of now; and for each id asked about the message's seq, or 0
-- ARGV: 4 member, 5 epoch, 6 the last seq the connection has, 7 the rev it was told up to,
--       8 bytes of messages, 9… ids of messages
load(false)
local last = tonumber(ARGV[6])
if redis.call('HEXISTS', MEMBERS, ARGV[4]) == 0
  or epoch ~= ARGV[5]
  or last > seq
  or tonumber(ARGV[7]) > tonumber(redis.call('HGET', META, 'rev') or 0) then
  return { 'gone' }
end
local entries = messages_after(last, tonumber(ARGV[8]))
if not entries then
  return { 'gone' }
end
local seqs = {}
for i = 9, #ARGV do
  seqs[#seqs + 1] = seq_of(ARGV[i]) or 0
end
return { 'ok', seq, tonumber(redis.call('HGET', META, 'rev') or 0), messages(entries), seqs }
