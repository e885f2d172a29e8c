-- include ticket/lib
-- A connection enters the room and gets its state, as of one moment.
-- Returns {'forbidden'} where the user was put out since the token was issued, else
-- {'ok', epoch, seq, rev, recovered, closed, users, typists, read marks, messages, now_ms, back,
-- users there are, more_read}: users as in the hash, typists {{user, name, started_ms}}, read marks
-- {user, seq, …}, messages as the library gives them, back 1 where it takes the place of one that is
-- expected back, more_read 1 where not all read marks are listed. The messages are those after the
-- client's last seq, or the newest; those that have room
-- ARGV: 4 member, 5 user, 6 name, 7 is_admin (0 or 1), 8 the token's iat in ms,
--       9 the client's epoch ('' = none), 10 its last seq, 11 messages in a page,
--       12 the birth (ms) that a valid epoch has at least, 13 the rev up to which the pod itself has told the
--       connection; '' where the epoch and seq are what a client says,
--       14 bytes of messages (-1 = none is wanted),
--       15… members that this connection was before, in whose place it is now
local member, user, name, admin = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local removed_at = redis.call('HGET', REMOVED, user)
if removed_at and tonumber(ARGV[8]) <= tonumber(removed_at) then
  return { 'forbidden' }
end

load(true)
-- The store may have gone back after this epoch began, while no pod heard this ticket.
local outdated = tonumber(string.match(epoch, '^(%d+)_') or 0) < tonumber(ARGV[12])
-- And it has, where it is behind what this pod has told already.
local behind = ARGV[13] ~= '' and (tonumber(ARGV[10]) > seq
  or tonumber(ARGV[13]) > tonumber(redis.call('HGET', META, 'rev') or 0))
if ARGV[9] == epoch and (outdated or behind) then
  epoch = NEW_EPOCH
  redis.call('HSET', META, 'epoch', epoch)
end
local was = 0
for i = 15, #ARGV do
  if redis.call('HDEL', MEMBERS, ARGV[i]) == 1 then
    was = was + 1
    hush(ARGV[i], user)
  end
end
local back, new = 0, redis.call('HSET', MEMBERS, member, user)
if new ~= was then
  local before = user_entry(user) or 0
  local count = math.max(before + new - was, 1)
  redis.call('HSET', USERS, user, count .. ' ' .. admin .. ' ' .. name)
  if before == 0 then
    tell('j', NOW .. ' ' .. user .. ' ' .. admin .. ' ' .. redis.call('HLEN', USERS), name)
  elseif was == 0 then
    local expected = expected_member(user)
    if expected and depart(expected, user) then
      back = 1
    end
  end
end
redis.call('SADD', FOLLOWERS, user)
live(META, MEMBERS, USERS, FOLLOWERS, REMOVED)

local recovered, entries = 0, nil
local last, bytes = tonumber(ARGV[10]), tonumber(ARGV[14])
if ARGV[9] == epoch and last <= seq then
  entries = messages_after(last, bytes)
  recovered = entries and 1 or 0
end
if recovered == 0 then
  entries = bytes < 0 and {} or reversed((read_log('XREVRANGE', '+', tonumber(ARGV[11]), bytes)))
end

local users, count = users_for(user)
local reads, more_read = reads_for(users)
return {
  'ok', epoch, seq, tonumber(redis.call('HGET', META, 'rev') or 0), recovered, closed and 1 or 0,
  users, typists(), reads, messages(entries), NOW, back, count, more_read and 1 or 0,
}
