-- Accepts a message: in one step it is numbered, kept, given its status, and published. The script
-- that all cost hangs on, and so written out rather than including the library.
-- Returns {'sent', seq, epoch, sent_at_ms, id, 1 where the user was typing or 0}, the first five
-- with 'duplicate' for a message that was accepted before, or {'not_joined'} or {'closed'}
-- KEYS: 1 channel, 2 meta, 3 log, 4 status, 5 marks, 6 ids, 7 members, 8 typing, 9 dedupe,
--       10 dedupe_old, 11 followers, 12 removed
-- ARGV: 1 the publishing command, 2 lifetime of the keys in ms, 3 the random part of a new epoch,
--       4 member ('' = the ticket system), 5 user, 6 deduplication key ('' = none),
--       7 the message's id ('' = make one), 8 body, 9 messages to keep, 10 ms to remember keys,
--       11 the channel of notifications, 12 their payload, 13 the traceparent of a message that is
--       traced (left out = not traced)
local call = redis.call
local meta, user, key, id = KEYS[2], ARGV[5], ARGV[6], ARGV[7]
if ARGV[4] ~= '' and call('HEXISTS', KEYS[7], ARGV[4]) == 0 then
  return { 'not_joined' }
end
local state = call('HMGET', meta, 'epoch', 'seq', 'rev', 'closed', 'dedupe_since', 'dedupe_turned',
  'renewed')
local clock = call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local epoch = state[1] or string.format('%.0f', now) .. '_' .. ARGV[3] -- see Epochs

-- Keys are kept in two generations: each is remembered for the time asked at least.
local own_id = id ~= ''
local known = key ~= '' and key or (own_id and 'i:' .. id)
while known do
  local before = call('HGET', KEYS[9], known) or (state[6] and call('HGET', KEYS[10], known))
  if before then
    local at, sent_at, sent_id = string.match(before, '^(%d+) (%d+) (%S+)$')
    -- Whoever waits for replicas waits for the last that the same connection has written, which the
    -- first try may have come by another: so this writes, too.
    call('PEXPIRE', meta, ARGV[2])
    return { 'duplicate', tonumber(at), epoch, tonumber(sent_at), sent_id }
  end
  known = own_id and known == key and 'i:' .. id
end
if state[4] == '1' and ARGV[4] ~= '' then
  return { 'closed' }
end

local seq = tonumber(state[2] or 0) + 1
local keep = tonumber(ARGV[9])
if own_id then
  call('HSET', KEYS[6], id, seq)
  call('PEXPIRE', KEYS[6], ARGV[2])
else
  -- The time tells it from the one that had this number before the store went back.
  id = epoch .. '.' .. string.format('%x', now % 0x10000000) .. '-' .. seq
end
if state[1] then
  call('HSET', meta, 'seq', seq)
else
  call('HSET', meta, 'seq', seq, 'epoch', epoch)
end
call('XADD', KEYS[3], 'MAXLEN', keep, seq .. '-0', 'h', id .. ' ' .. now .. ' ' .. user, 'b', ARGV[8])
call('HSET', KEYS[4], seq, 's ' .. user .. ' ' .. id)
call('HINCRBY', KEYS[5], 'o:' .. user, 1)
if seq > keep then
  local old = call('HGET', KEYS[4], seq - keep)
  call('HDEL', KEYS[4], seq - keep)
  if old then
    call('HDEL', KEYS[6], string.match(old, '(%S+)$'))
  end
end

if key ~= '' or own_id then
  local since = tonumber(state[5] or 0)
  local result = seq .. ' ' .. now .. ' ' .. id
  local remember = tonumber(ARGV[10])
  local turn = now - since > remember
  if turn then
    if since > 0 and call('EXISTS', KEYS[9]) == 1 then
      call('UNLINK', KEYS[10])
      call('RENAME', KEYS[9], KEYS[10])
      call('HSET', meta, 'dedupe_turned', 1)
    end
    call('HSET', meta, 'dedupe_since', now)
  end
  if key ~= '' then
    call('HSET', KEYS[9], key, result)
  end
  if own_id then
    call('HSET', KEYS[9], 'i:' .. id, result)
  end
  if turn then
    call('PEXPIRE', KEYS[9], math.max(tonumber(ARGV[2]), 2 * remember))
  end
end

-- Lifetimes are long and messages many: a renewal serves for a sixty-fourth of one.
if now - tonumber(state[7] or 0) > tonumber(ARGV[2]) / 64 then
  call('HSET', meta, 'renewed', now)
  for _, k in ipairs({ meta, KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[11], KEYS[12] }) do
    call('PEXPIRE', k, ARGV[2])
  end
end

call(ARGV[1], KEYS[1], '1 m ' .. epoch .. ' ' .. seq .. ' ' .. (state[3] or 0) .. ' ' .. id .. ' '
  .. now .. ' ' .. user .. (ARGV[13] and ' ' .. ARGV[13] or '') .. '\n' .. ARGV[8])
call('PUBLISH', ARGV[11], '1 n ' .. seq .. ' ' .. now .. ' ' .. user .. ' ' .. id .. ' ' .. ARGV[12])
return { 'sent', seq, epoch, now, id, call('HEXISTS', KEYS[8], user) }
