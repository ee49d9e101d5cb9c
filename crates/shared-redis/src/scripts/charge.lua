-- GCRA over several limits: charges all or none. The same arithmetic as the service's limiter, in microseconds.
-- KEYS: the limits, each with its theoretical arrival time. ARGV: the hour, then what each costs.
-- Answers 0, or the microseconds until all of them allow one again.
-- The time is Redis's own: by a process's clock that is ahead, all others would refuse.
local time, hour = redis.call('TIME'), tonumber(ARGV[1])
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local arrivals, wait = {}, 0
for i, key in ipairs(KEYS) do
  local arrival = math.max(tonumber(redis.call('GET', key)) or now, now) + tonumber(ARGV[i + 1])
  arrivals[i] = arrival
  wait = math.max(wait, arrival - now - hour)
end
if wait > 0 then
  return wait
end
for i, key in ipairs(KEYS) do
  -- An arrival time that has passed means the same as none. Redis writes numbers with all their digits.
  redis.call('SET', key, arrivals[i], 'PX', math.ceil((arrivals[i] - now) / 1000))
end
return 0
