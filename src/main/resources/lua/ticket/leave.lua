-- include ticket/lib
-- A connection leaves the room. Returns 1 where it was in it, else 0.
-- ARGV: 4 member, 5 user
if load(false) and depart(ARGV[4], ARGV[5]) then
  return 1
end
return 0
