-- include ticket/lib
-- Who types. Returns {'not_joined'}, or {'ok', {{user, name, started_ms}, …}}
-- ARGV: 4 member ('' = the ticket system)
if ARGV[4] ~= '' and redis.call('HEXISTS', MEMBERS, ARGV[4]) == 0 then
  return { 'not_joined' }
end
return { 'ok', typists() }
