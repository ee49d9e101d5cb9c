-- Gives one charge of each limit back.
-- KEYS: the limits. ARGV: what each cost.
for i, key in ipairs(KEYS) do
  local arrival = tonumber(redis.call('GET', key))
  if arrival then
    redis.call('SET', key, arrival - tonumber(ARGV[i]), 'KEEPTTL')
  end
end
return 0
