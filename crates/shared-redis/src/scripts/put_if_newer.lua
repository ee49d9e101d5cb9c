-- Keeps a snapshot and announces it, unless what is kept is as new.
-- KEYS: the snapshot. ARGV: version in 19 digits, bytes, lifetime in milliseconds, channel, budget.
local kept = redis.call('GETRANGE', KEYS[1], 0, 18)
-- Digits of the same number compare as texts, where Lua's numbers would be rounded. What is no version, or a greater one
-- than there can be, is not ours.
if #kept == 19 and not string.find(kept, '%D') and kept <= '9223372036854775807' and kept >= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1] .. ARGV[2], 'PX', ARGV[3])
redis.call('PUBLISH', ARGV[4], ARGV[5] .. ' ' .. ARGV[1])
return 1
