-- include presence/lib
-- A user follows a ticket from now on, on all their connections. Returns 1.
-- ARGV: 3 user, 4 ticket, 5 tickets to remember
redis.call('ZADD', TICKETS, NOW, ARGV[4])
redis.call('ZREMRANGEBYRANK', TICKETS, 0, -1 - tonumber(ARGV[5]))
redis.call('PEXPIRE', TICKETS, LIFETIME)
tell_pods('1 f ' .. ARGV[3] .. ' ' .. ARGV[4] .. ' 1')
return 1
