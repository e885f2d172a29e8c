-- include ticket/lib
-- A connection leaves the room. Returns 1 where it was in it, else 0.
-- ARGV: 4 user, 5… members that the connection is or was
local left = 0
if load(false) then
  for i = 5, #ARGV do
    if depart(ARGV[i], ARGV[4]) then
      left = 1
    end
  end
end
return left
