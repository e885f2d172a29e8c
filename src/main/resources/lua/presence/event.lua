-- include presence/lib
-- An event for all connections of a user. Returns how many there are.
-- ARGV: 3 user, 4 event name, 5 its data
return tell_pods('1 u ' .. ARGV[3] .. ' ' .. ARGV[4] .. '\n' .. ARGV[5])
