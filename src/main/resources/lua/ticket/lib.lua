-- include ticket/renew
-- What the scripts of a ticket share. Each of them gets the same keys and first arguments:
-- KEYS: 1 channel, 2 meta, 3 log, 4 status, 5 marks, 6 ids, 7 events, 8 members, 9 users,
--       10 typing, 11 removed, 12 followers, 13 dedupe, 14 dedupe_old
-- ARGV: 1 the publishing command, 2 lifetime of the keys in ms, 3 the random part of a new epoch
local CHANNEL, META, LOG, STATUS, MARKS, IDS, EVENTS, MEMBERS, USERS, TYPING, REMOVED, FOLLOWERS,
  DEDUPE, DEDUPE_OLD = unpack(KEYS)
local PUBLISH, LIFETIME = ARGV[1], ARGV[2]
-- Enough for what a room does in the seconds an outage of pub/sub lasts; more costs memory.
local EVENTS_KEPT = 128
-- Entries of a list of users in one answer.
local LISTED = 200
-- What a message takes in an answer besides its body: ids, times and the names of fields.
local AROUND_BODY = 384
-- Entries of the log that are read at once: the largest bodies are some 64 KB.
local READ_AT_ONCE = 16

local clock = redis.call('TIME')
local NOW = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
-- Begins with its birth, see Epochs.
local NEW_EPOCH = string.format('%.0f', NOW) .. '_' .. ARGV[3]

local epoch, seq, closed

-- Gives keys that were just written, and may be new, their lifetime.
local function live(...)
  for _, key in ipairs({ ... }) do
    redis.call('PEXPIRE', key, LIFETIME)
  end
end

-- Reads the ticket's state; create for a script that changes it: makes the state where there is
-- none, and keeps all of the ticket's keys alive.
local function load(create)
  local meta = redis.call('HMGET', META, 'epoch', 'seq', 'closed', 'renewed')
  epoch, seq, closed = meta[1], tonumber(meta[2] or 0), meta[3] == '1'
  if not epoch and create then
    epoch = NEW_EPOCH
    redis.call('HSET', META, 'epoch', epoch)
    live(META)
  end
  if create then
    renew(meta[4], NOW, LIFETIME)
  end
  return epoch
end

-- Numbers, keeps and publishes an event that is not a message. Load first.
local function tell(kind, words, payload)
  local rev = redis.call('HINCRBY', META, 'rev', 1)
  local envelope = '1 ' .. kind .. ' ' .. epoch .. ' ' .. seq .. ' ' .. rev .. ' ' .. words
    .. '\n' .. payload
  redis.call('XADD', EVENTS, 'MAXLEN', '~', EVENTS_KEPT, rev .. '-0', 'e', envelope)
  live(EVENTS, META)
  redis.call(PUBLISH, CHANNEL, envelope)
end

-- users: user id -> 'connections is_admin name'
local function user_entry(user)
  local entry = redis.call('HGET', USERS, user)
  if not entry then
    return nil
  end
  local count, admin, name = string.match(entry, '^(%d+) ([01]) (.*)$')
  return tonumber(count), admin, name
end

-- typing: user id -> 'until started member name'
local function typing_entry(user)
  local entry = redis.call('HGET', TYPING, user)
  if not entry then
    return nil
  end
  local till, started, member, name = string.match(entry, '^(%d+) (%d+) (%S+) (.*)$')
  return tonumber(till), started, member, name
end

-- The user types no more; the room hears it.
local function stop_typing(user, name)
  redis.call('HDEL', TYPING, user)
  tell('t', NOW .. ' ' .. user .. ' 0 0', name)
end

-- members: connection -> user, or 'user until' where it was sent away and is expected back
local function member_entry(value)
  local user, till = string.match(value, '^(%S+) ?(%d*)$')
  return user, tonumber(till)
end

-- One of the user's connections that are expected back, or nil.
local function expected_member(user)
  local all = redis.call('HGETALL', MEMBERS)
  for i = 1, #all, 2 do
    local whose, till = member_entry(all[i + 1])
    if till and whose == user then
      return all[i]
    end
  end
  return nil
end

-- The connection types no more.
local function hush(member, user)
  local _, _, typist, typist_name = typing_entry(user)
  if typist == member then
    stop_typing(user, typist_name)
  end
end

-- One connection leaves the room; true where it was in it.
local function depart(member, user)
  if redis.call('HDEL', MEMBERS, member) == 0 then
    return false
  end
  hush(member, user)
  local count, admin, name = user_entry(user)
  if count and count > 1 then
    redis.call('HSET', USERS, user, (count - 1) .. ' ' .. admin .. ' ' .. name)
  elseif count then
    redis.call('HDEL', USERS, user)
    tell('l', NOW .. ' ' .. user .. ' ' .. admin .. ' ' .. redis.call('HLEN', USERS), name)
  end
  return true
end

-- status: seq -> 'letter user id'; the letter is s, d or r for sent, delivered, read
local function status_entry(at)
  local entry = redis.call('HGET', STATUS, at)
  if not entry then
    return nil
  end
  return string.match(entry, '^(%a) (%S+) (%S+)$')
end

-- The seq of the stored message of that id, or nil. The gateway's own ids end in their seq.
local function seq_of(id)
  local at = redis.call('HGET', IDS, id) or string.match(id, '%-(%d+)$')
  if not at then
    return nil
  end
  local _, _, there = status_entry(at)
  return there == id and tonumber(at) or nil
end

-- Messages of the log as {seq, id, sent_at_ms, user, body, letter of the status}.
local function messages(entries)
  local list = {}
  for i, entry in ipairs(entries) do
    local at = string.match(entry[1], '^%d+')
    local id, sent_at, user = string.match(entry[2][2], '^(%S+) (%d+) (%S+)$')
    list[i] = { tonumber(at), id, tonumber(sent_at), user, entry[2][4], (status_entry(at)) or 's' }
  end
  return list
end

-- A page of the log that was read backwards, forwards.
local function reversed(entries)
  local list = {}
  for i = #entries, 1, -1 do
    list[#list + 1] = entries[i]
  end
  return list
end

-- Reads the log in one direction (XRANGE or XREVRANGE) from a place on: as many entries as have room
-- in the bytes, at least one and at most the limit. Returns them, and whether there are more. Reads
-- little more than it returns.
local function read_log(command, from, limit, bytes)
  local list, used = {}, 0
  local last = command == 'XRANGE' and '+' or '-'
  while true do
    local count = math.min(READ_AT_ONCE, limit + 1 - #list)
    local some = redis.call(command, LOG, from, last, 'COUNT', count)
    for _, entry in ipairs(some) do
      used = used + #entry[2][4] + AROUND_BODY
      if #list == limit or (#list > 0 and used > bytes) then
        return list, true
      end
      list[#list + 1] = entry
    end
    if #some < count then
      return list, false
    end
    from = '(' .. some[#some][1]
  end
end

-- The messages after a seq, oldest first, as many as have room in the bytes, at least one; none where
-- the bytes are negative. nil where not all of them are in the log any more. Load first.
local function messages_after(last, bytes)
  if last == seq then
    return {}
  end
  local list, more = read_log('XRANGE', '(' .. last .. '-0', bytes < 0 and 1 or seq - last, bytes)
  for i, entry in ipairs(list) do
    if tonumber(string.match(entry[1], '^%d+')) ~= last + i then
      return nil
    end
  end
  if #list == 0 or (not more and last + #list < seq) then
    return nil
  end
  return bytes < 0 and {} or list
end

-- The users of the room as in the hash, at most so many as an answer lists: first the one named, then
-- support staff. And how many there are.
local function users_for(first)
  local all = redis.call('HGETALL', USERS)
  local count = #all / 2
  if count <= LISTED then
    return all, count
  end
  local list = {}
  local function take(wanted)
    for i = 1, #all, 2 do
      if #list == 2 * LISTED then
        return
      end
      if wanted(all[i], string.match(all[i + 1], '^%d+ ([01])') == '1') then
        list[#list + 1] = all[i]
        list[#list + 1] = all[i + 1]
      end
    end
  end
  take(function(user) return user == first end)
  take(function(user, admin) return user ~= first and admin end)
  take(function(user, admin) return user ~= first and not admin end)
  return list, count
end

-- Up to where users have read, {user, seq, …}, at most so many as an answer lists: first those of a
-- list of users as in the hash. And whether there are more.
local function reads_for(users)
  local marks, count = {}, 0
  local all = redis.call('HGETALL', MARKS)
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, 2) == 'r:' then
      marks[string.sub(all[i], 3)] = all[i + 1]
      count = count + 1
    end
  end
  local list = {}
  local function take(user)
    if marks[user] and #list < 2 * LISTED then
      list[#list + 1] = user
      list[#list + 1] = marks[user]
      marks[user] = nil
    end
  end
  for i = 1, #users, 2 do
    take(users[i])
  end
  for i = 1, #all, 2 do
    take(string.sub(all[i], 3))
  end
  return list, count > LISTED
end

-- Who types, {{user, name, started_ms}, …}, at most so many as an answer lists.
local function typists()
  local list = {}
  local all = redis.call('HGETALL', TYPING)
  for i = 1, #all, 2 do
    local till, started, _, name = string.match(all[i + 1], '^(%d+) (%d+) (%S+) (.*)$')
    if tonumber(till) > NOW and #list < LISTED then
      list[#list + 1] = { all[i], name, tonumber(started) }
    end
  end
  return list
end
