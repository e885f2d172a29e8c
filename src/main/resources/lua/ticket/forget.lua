-- include ticket/lib
-- Forgets all there is of the ticket; who sits in its room is told to leave.
-- Returns the users who followed it.
local followers = redis.call('SMEMBERS', FOLLOWERS)
-- First of all what frees memory: a full Redis refuses a script whose first change may take some, and
-- lets one that has begun go on.
redis.call('UNLINK', LOG, STATUS, MARKS, IDS, MEMBERS, USERS, TYPING, REMOVED, FOLLOWERS, DEDUPE,
  DEDUPE_OLD)
load(true)
tell('x', tostring(NOW), '')
redis.call('UNLINK', META, EVENTS)
return followers
