-- include ticket/lib
-- Forgets all there is of the ticket; who sits in its room is told to leave.
-- Returns the users who followed it.
local followers = redis.call('SMEMBERS', FOLLOWERS)
load(true)
tell('x', tostring(NOW), '')
redis.call('UNLINK', META, LOG, STATUS, MARKS, IDS, EVENTS, MEMBERS, USERS, TYPING, REMOVED,
  FOLLOWERS, DEDUPE, DEDUPE_OLD)
return followers
