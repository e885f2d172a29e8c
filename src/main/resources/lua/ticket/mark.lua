-- include ticket/lib
-- A user marks messages of others as delivered or read; a status only ever moves up.
-- Returns {'not_joined'}, or {'ok', id, …}: the messages that moved
-- ARGV: 4 member, 5 user, 6 d or r, 7 up to which seq (-1 = the ids that follow),
--       8 = and the epoch of that seq ('' = whichever it is), 9… ids
local member, user, letter = ARGV[4], ARGV[5], ARGV[6]
if redis.call('HEXISTS', MEMBERS, member) == 0 then
  return { 'not_joined' }
end
load(true)
if ARGV[8] ~= '' and ARGV[8] ~= '=' .. epoch then
  return { 'ok' } -- the seq is that of other messages
end
local rank = { s = 1, d = 2, r = 3 }
local moved = {}

local function move(at)
  local was, author, id = status_entry(at)
  if was and author ~= user and rank[was] < rank[letter] then
    redis.call('HSET', STATUS, at, letter .. ' ' .. author .. ' ' .. id)
    moved[#moved + 1] = id
  end
end

local up_to = math.min(tonumber(ARGV[7]), seq)
local list = {}
for i = 9, #ARGV do
  local at = seq_of(ARGV[i])
  if at then
    list[#list + 1] = at
    if letter == 'r' then
      up_to = math.max(up_to, at)
    end
  end
end
-- Reading one message is having read all before it; delivery is of each its own.
if up_to > 0 then
  local mark = letter .. ':' .. user
  local from = tonumber(redis.call('HGET', MARKS, mark) or 0)
  if up_to > from then
    local oldest = redis.call('XRANGE', LOG, '-', '+', 'COUNT', 1)[1]
    local first = oldest and tonumber(string.match(oldest[1], '^%d+')) or up_to + 1
    for at = math.max(from + 1, first), up_to do
      move(at)
    end
    redis.call('HSET', MARKS, mark, up_to)
    if letter == 'r' then
      -- Of the user's own messages, those up to the mark; unread counts leave them out.
      local own = tonumber(redis.call('HGET', MARKS, 'o:' .. user) or 0)
      for at = math.max(up_to + 1, first), seq do
        local _, author = status_entry(at)
        if author == user then
          own = own - 1
        end
      end
      redis.call('HSET', MARKS, 'p:' .. user, own)
    end
  end
else
  for _, at in ipairs(list) do
    move(at)
  end
end

live(MARKS)
if #moved > 0 then
  live(STATUS)
  tell('s', NOW .. ' ' .. user .. ' ' .. letter, table.concat(moved, ' '))
end
return { 'ok', unpack(moved) }
