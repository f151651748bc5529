-- The size of one swarm.
--
-- KEYS  1 IPv4 seeds  2 IPv6 seeds  3 IPv4 leechers  4 IPv6 leechers  5 how many have completed
-- ARGV  1 the score from which a peer is alive
local function alive(key)
  return redis.call('ZCOUNT', key, ARGV[1], '+inf')
end

local downloaded = tonumber(redis.call('GET', KEYS[5]) or 0)
return {alive(KEYS[1]) + alive(KEYS[2]), downloaded, alive(KEYS[3]) + alive(KEYS[4])}
