-- An incarnation has been swept; nothing is left to be known of it. Returns 1 where it was known, or 0
-- KEYS: 1 leases, 2 addresses
-- ARGV: 1 incarnation
redis.call('HDEL', KEYS[2], ARGV[1])
return redis.call('ZREM', KEYS[1], ARGV[1])
