-- Removes a snapshot if it still has this version.
-- KEYS: the snapshot. ARGV: version in 19 digits.
if redis.call('GETRANGE', KEYS[1], 0, 18) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
