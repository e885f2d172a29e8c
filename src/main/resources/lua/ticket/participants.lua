-- include ticket/lib
-- Who is in the room. Returns {'not_joined'}, or {'ok', {user, entry, …}} as in the hash.
-- ARGV: 4 member ('' = the ticket system)
if ARGV[4] ~= '' and redis.call('HEXISTS', MEMBERS, ARGV[4]) == 0 then
  return { 'not_joined' }
end
return { 'ok', redis.call('HGETALL', USERS) }
