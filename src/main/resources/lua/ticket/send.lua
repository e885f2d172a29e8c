-- include ticket/lib
-- Accepts a message: in one step it is numbered, kept, given its status, and published.
-- Returns {'sent', seq, epoch, sent_at_ms, id}, the same with 'duplicate' for one that was accepted
-- before, or {'not_joined'} or {'closed'}
-- ARGV: 4 member ('' = the ticket system), 5 user, 6 deduplication key ('' = none),
--       7 the message's id ('' = make one), 8 body, 9 messages to keep, 10 ms to remember keys,
--       11 the channel of notifications, 12 their payload
local member, user, key, id = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
if member ~= '' and redis.call('HEXISTS', MEMBERS, member) == 0 then
  return { 'not_joined' }
end
load(true)

local function accepted_before(dedupe_key)
  local before = redis.call('HGET', DEDUPE, dedupe_key) or redis.call('HGET', DEDUPE_OLD, dedupe_key)
  if not before then
    return nil
  end
  local at, sent_at, sent_id = string.match(before, '^(%d+) (%d+) (%S+)$')
  return { 'duplicate', tonumber(at), epoch, tonumber(sent_at), sent_id }
end
local before = (key ~= '' and accepted_before(key)) or (id ~= '' and accepted_before('i:' .. id))
if before then
  return before
end
if closed and member ~= '' then
  return { 'closed' }
end

seq = seq + 1
local keep = tonumber(ARGV[9])
local own_id = id ~= ''
if own_id then
  redis.call('HSET', IDS, id, seq)
  live(IDS)
else
  id = epoch .. '-' .. seq
end
redis.call('HSET', META, 'seq', seq)
redis.call('XADD', LOG, 'MAXLEN', keep, seq .. '-0', 'i', id, 't', NOW, 'u', user, 'b', ARGV[8])
redis.call('HSET', STATUS, seq, 's ' .. user .. ' ' .. id)
redis.call('HINCRBY', MARKS, 'o:' .. user, 1)
if seq > keep then
  local _, _, old_id = status_entry(seq - keep)
  redis.call('HDEL', STATUS, seq - keep)
  if old_id then
    redis.call('HDEL', IDS, old_id)
  end
end

if key ~= '' or own_id then
  -- Two generations of keys: each is remembered for the time asked at least, twice at most.
  local since = tonumber(redis.call('HGET', META, 'dedupe_since') or 0)
  if NOW - since > tonumber(ARGV[10]) then
    if since > 0 and redis.call('EXISTS', DEDUPE) == 1 then
      redis.call('UNLINK', DEDUPE_OLD)
      redis.call('RENAME', DEDUPE, DEDUPE_OLD)
    end
    redis.call('HSET', META, 'dedupe_since', NOW)
  end
  local result = seq .. ' ' .. NOW .. ' ' .. id
  if key ~= '' then
    redis.call('HSET', DEDUPE, key, result)
  end
  if own_id then
    redis.call('HSET', DEDUPE, 'i:' .. id, result)
  end
  redis.call('PEXPIRE', DEDUPE, math.max(tonumber(LIFETIME), 2 * tonumber(ARGV[10])))
end

-- Lifetimes of a busy ticket are renewed now and then: they are long, and messages are many.
if seq == 1 or seq % 16 == 0 then
  live(META, LOG, STATUS, MARKS, FOLLOWERS)
end

local rev = redis.call('HGET', META, 'rev') or 0
redis.call(PUBLISH, CHANNEL, '1 m ' .. epoch .. ' ' .. seq .. ' ' .. rev .. ' ' .. id .. ' ' .. NOW
  .. ' ' .. user .. '\n' .. ARGV[8])
redis.call('PUBLISH', ARGV[11], '1 n ' .. seq .. ' ' .. NOW .. ' ' .. user .. ' ' .. id .. ' '
  .. ARGV[12])
local till, _, _, name = typing_entry(user)
if till then
  stop_typing(user, name)
end
return { 'sent', seq, epoch, NOW, id }
