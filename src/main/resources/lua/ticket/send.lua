-- include ticket/renew
-- Accepts a message: in one step it is numbered, kept, given its status, and published. The script
-- that all cost hangs on, and so written out rather than including the library.
-- Returns {'sent', seq, epoch, sent_at_ms, id, 1 where the user was typing or 0}, the first five
-- with 'duplicate' for a message that was accepted before, or {'not_joined'}, {'closed'}, or
-- {'full', ms} where no more keys of the user can be remembered before that time is over
-- KEYS: as in ticket/lib: 1 channel, 2 meta, 3 log, 4 status, 5 marks, 6 ids, 7 events, 8 members,
--       9 users, 10 typing, 11 removed, 12 followers, 13 dedupe, 14 dedupe_old
-- ARGV: 1 the publishing command, 2 lifetime of the keys in ms, 3 the random part of a new epoch,
--       4 member ('' = the ticket system), 5 user, 6 deduplication key, hashed ('' = none),
--       7 the message's id ('' = make one), 8 body, 9 messages to keep, 10 ms to remember keys,
--       11 the channel of notifications, 12 their payload, 13 deduplication key of the id, hashed,
--       14 keys of one user's messages to remember, 15 the traceparent of a message that is traced
--       (left out = not traced)
local call = redis.call
local meta, user, key, id = KEYS[2], ARGV[5], ARGV[6], ARGV[7]
local dedupe, dedupe_old = KEYS[13], KEYS[14]
local client = ARGV[4] ~= ''
if client and call('HEXISTS', KEYS[8], ARGV[4]) == 0 then
  return { 'not_joined' }
end
local state = call('HMGET', meta, 'epoch', 'seq', 'rev', 'closed', 'dedupe_since', 'dedupe_turned',
  'renewed', 'kept')
local clock = call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local epoch = state[1] or string.format('%.0f', now) .. '_' .. ARGV[3] -- see Epochs

-- Keys are kept in two generations: each is remembered for the time asked at least.
local own_id = id ~= ''
local known = key ~= '' and key or (own_id and ARGV[13])
while known do
  local before = call('HGET', dedupe, known) or (state[6] and call('HGET', dedupe_old, known))
  if before then
    local at, sent_at, sent_id = string.match(before, '^(%d+) (%d+) (%S+)$')
    -- Whoever waits for replicas waits for the last that the same connection has written, which the
    -- first try may have come by another: so this writes, too.
    call('PEXPIRE', meta, ARGV[2])
    return { 'duplicate', tonumber(at), epoch, tonumber(sent_at), sent_id }
  end
  known = own_id and known == key and ARGV[13]
end
if state[4] == '1' and client then
  return { 'closed' }
end

local remember = tonumber(ARGV[10])

-- Beside the keys: 'n user' -> 'how many of the user's there are, when the newest was written'.
local function count_in(generation)
  local entry = call('HGET', generation, 'n ' .. user)
  local count, newest = string.match(entry or '', '^(%d+) (%d+)$')
  if not count or now - tonumber(newest) > remember then
    return 0, 0 -- their time is over
  end
  return tonumber(count), tonumber(newest)
end

local count = 0
if key ~= '' and client then
  local most, old, newest, newest_old = tonumber(ARGV[14])
  count, newest = count_in(dedupe)
  old, newest_old = 0, 0
  if state[6] then
    old, newest_old = count_in(dedupe_old)
  end
  if count + old >= most then
    return { 'full', (count < most and newest_old or newest) + remember - now + 1 }
  end
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
if call('HINCRBY', KEYS[5], 'o:' .. user, 1) == 1 then
  call('PEXPIRE', KEYS[5], ARGV[2])
end
if seq == 1 then
  call('PEXPIRE', KEYS[3], ARGV[2])
  call('PEXPIRE', KEYS[4], ARGV[2])
end

-- The log has lost one message, or many where fewer are to be kept than before.
local kept = tonumber(state[8] or keep + 1)
if kept ~= keep then
  call('HSET', meta, 'kept', keep)
end
if kept > keep then
  for _, at in ipairs(call('HKEYS', KEYS[4])) do
    if tonumber(at) <= seq - keep then
      call('HDEL', KEYS[4], at)
    end
  end
  local ids = call('HGETALL', KEYS[6])
  for i = 1, #ids, 2 do
    if tonumber(ids[i + 1]) <= seq - keep then
      call('HDEL', KEYS[6], ids[i])
    end
  end
elseif seq > keep then
  local old = call('HGET', KEYS[4], seq - keep)
  if old then
    call('HDEL', KEYS[4], seq - keep)
    call('HDEL', KEYS[6], string.match(old, '(%S+)$'))
  end
end

if key ~= '' or own_id then
  local since = tonumber(state[5] or 0)
  local result = seq .. ' ' .. now .. ' ' .. id
  local turn = now - since > remember
  if turn then
    if since > 0 and call('EXISTS', dedupe) == 1 then
      call('UNLINK', dedupe_old)
      call('RENAME', dedupe, dedupe_old)
      call('HSET', meta, 'dedupe_turned', 1)
      count = 0
    end
    call('HSET', meta, 'dedupe_since', now, 'dedupe_for', 2 * remember)
  end
  if key ~= '' and client then
    call('HSET', dedupe, key, result, 'n ' .. user, (count + 1) .. ' ' .. now)
  elseif key ~= '' then
    call('HSET', dedupe, key, result)
  end
  if own_id then
    call('HSET', dedupe, ARGV[13], result)
  end
  if turn then
    call('PEXPIRE', dedupe, math.max(tonumber(ARGV[2]), 2 * remember))
  end
end

renew(state[7], now, ARGV[2])

call(ARGV[1], KEYS[1], '1 m ' .. epoch .. ' ' .. seq .. ' ' .. (state[3] or 0) .. ' ' .. id .. ' '
  .. now .. ' ' .. user .. (ARGV[15] and ' ' .. ARGV[15] or '') .. '\n' .. ARGV[8])
call('PUBLISH', ARGV[11], '1 n ' .. seq .. ' ' .. now .. ' ' .. user .. ' ' .. id .. ' ' .. ARGV[12])
return { 'sent', seq, epoch, now, id, call('HEXISTS', KEYS[10], user) }
