-- include presence/lib
-- A connection proves to be a user's, or is made known again.
-- Returns {'revoked'}, {'closed'}, {'full'}, or {'ok', now_ms, connections, ticket, …}: the tickets
-- the user follows, newest first
-- ARGV: 3 user, 4 member, 5 pod, 6 the token's iat in ms, 7 connections allowed,
--       8 when this connection was first known, in ms (0 = now), 9 tickets wanted,
--       10… members that this connection was before
for i = 10, #ARGV do
  redis.call('HDEL', CONNS, ARGV[i])
end
local revoked, closed = unpack(redis.call('HMGET', STATE, 'revoked', 'closed'))
if revoked and tonumber(ARGV[6]) <= tonumber(revoked) then
  return { 'revoked' }
end
if closed and ARGV[8] ~= '0' and tonumber(ARGV[8]) <= tonumber(closed) then
  return { 'closed' }
end
local new = redis.call('HEXISTS', CONNS, ARGV[4]) == 0
if new and redis.call('HLEN', CONNS) >= tonumber(ARGV[7]) then
  return { 'full' }
end
redis.call('HSET', CONNS, ARGV[4], ARGV[5])
redis.call('HSET', STATE, 'seen', NOW)
if new and ARGV[8] == '0' then
  redis.call('HDEL', STATE, 'away') -- who was sent away may be back; one that was here is not they
end
redis.call('PEXPIRE', CONNS, LIFETIME)
redis.call('PEXPIRE', STATE, LIFETIME)
local count = redis.call('HLEN', CONNS)
if new and count > 1 then
  tell_pods('1 c ' .. ARGV[3] .. ' ' .. count)
end
local tickets = redis.call('ZREVRANGE', TICKETS, 0, tonumber(ARGV[9]) - 1)
return { 'ok', NOW, count, unpack(tickets) }
