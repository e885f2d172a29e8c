-- What a pod has missed of a ticket after the position it has told its clients.
-- Returns {state, epoch, seq, rev, newest_id, messages, events, newest_at, more}; state is one of
--   same   the position counts; messages and events after it follow, as many as have room: seq, rev,
--          newest_id and newest_at are of the last of them, and more is 1 where others are left
--   other  the ticket has another epoch (or none), or more is missing than is stored
--   back   the epoch is the same, but the store is behind the position or holds something else there
-- messages: {{seq, id, sent_at_ms, user_id, body}, …}; events: {envelope, …}; newest_at: when event rev
-- was, in ms ('' = not known)
-- KEYS: 1 meta, 2 log, 3 events
-- ARGV: 1 epoch ('?' = only the position is asked for, '' = there was none), 2 seq, 3 rev,
--       4 id of message seq ('' = not known), 5 when event rev was ('' = not known),
--       6 bytes of messages and events
local meta = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'rev')
local epoch = meta[1] or ''
local seq = tonumber(meta[2] or 0)
local rev = tonumber(meta[3] or 0)
local from_seq = tonumber(ARGV[2])
local from_rev = tonumber(ARGV[3])

local function id_of(entry)
  return string.match(entry[2][2], '^%S+') or ''
end

local function message(entry)
  local id, sent_at, user = string.match(entry[2][2], '^(%S+) (%d+) (%S+)$')
  return { tonumber(string.match(entry[1], '^%d+')), id, sent_at, user, entry[2][4] }
end

local newest = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
local newest_id = newest[1] and id_of(newest[1]) or ''

-- All events begin with when they were; two at the same place were hardly in the same ms.
local function at_of(number)
  local there = redis.call('XRANGE', KEYS[3], number .. '-0', number .. '-0')
  return there[1] and string.match(there[1][2][2], '^1 %S %S+ %d+ %d+ (%d+)') or ''
end

local newest_at = rev > 0 and at_of(rev) or ''

local function answer(state)
  return { state, epoch, seq, rev, newest_id, {}, {}, newest_at, 0 }
end

if ARGV[1] == '?' then
  return answer('same')
end
if ARGV[1] ~= '' and epoch ~= ARGV[1] then
  return answer('other')
end
if ARGV[1] ~= '' then
  if seq < from_seq or rev < from_rev then
    return answer('back')
  end
  if ARGV[4] ~= '' and from_seq > 0 then
    local at = from_seq .. '-0'
    local there = redis.call('XRANGE', KEYS[2], at, at)
    if there[1] and id_of(there[1]) ~= ARGV[4] then
      return answer('back')
    end
  end
  if ARGV[5] ~= '' and from_rev > 0 then
    local at = at_of(from_rev)
    if at ~= '' and at ~= ARGV[5] then
      return answer('back')
    end
  end
end

local used, bytes = 0, tonumber(ARGV[6])

-- Reads a stream from one number to another, a few entries at a time, while there is room.
-- Returns the entries and the number of the last, or nil where one is missing.
local function read(key, from, to)
  local list = {}
  while from < to do
    local entries = redis.call('XRANGE', key, (from + 1) .. '-0', to .. '-0', 'COUNT', 16)
    if #entries == 0 then
      return nil
    end
    for _, entry in ipairs(entries) do
      if entry[1] ~= (from + 1) .. '-0' then
        return nil
      end
      local size = #entry[2][2] + #(entry[2][4] or '')
      if used > 0 and used + size > bytes then
        return list, from
      end
      used = used + size
      list[#list + 1] = entry
      from = from + 1
    end
  end
  return list, from
end

local messages, events = {}, {}
local logged, to_seq = read(KEYS[2], from_seq, seq)
if not logged then
  return answer('other')
end
for i, entry in ipairs(logged) do
  messages[i] = message(entry)
end
local told, to_rev = {}, from_rev
if to_seq == seq then
  told, to_rev = read(KEYS[3], from_rev, rev)
  if not told then
    return answer('other')
  end
  for i, entry in ipairs(told) do
    events[i] = entry[2][2]
  end
end
local more = to_seq < seq or to_rev < rev
if to_seq < seq then
  newest_id = #messages > 0 and messages[#messages][2] or ARGV[4]
end
if to_rev < rev then
  newest_at = to_rev > 0 and at_of(to_rev) or ''
end
return { 'same', epoch, to_seq, to_rev, newest_id, messages, events, newest_at, more and 1 or 0 }
