-- Looks at those swarms of a slice whose oldest peer may have died, and forgets the dead.
--
-- The sets of a swarm are not among KEYS, since only the index knows which these are; they share its hash tag.
--
-- KEYS  1 swarms of the slice by when to look at them  2 what the slice holds
-- ARGV  1 now, in seconds  2 the life of a silent peer  3 how many swarms at most  4 how many dead peers at most
local call = redis.call
local now, life, room = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
local dead = '(' .. 2 * (now - life)
local KINDS = {'s4', 'l4', 's6', 'l6'}
local expired = 0

-- Forgets the dead of a set; returns the second of its oldest peer, or nil if none is left.
local function trim(key, kind)
  local oldest = call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
  if oldest and tonumber(oldest) < 2 * (now - life) and room > 0 then
    local gone = math.min(call('ZCOUNT', key, '-inf', dead), room)
    call('ZREMRANGEBYRANK', key, 0, gone - 1)
    call('HINCRBY', KEYS[2], kind, -gone)
    room = room - gone
    expired = expired + gone
    oldest = call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
  end
  return oldest and math.floor(oldest / 2)
end

local due = call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[3])
for _, prefix in ipairs(due) do
  local oldest
  for _, kind in ipairs(KINDS) do
    local time = trim(prefix .. kind, kind)
    oldest = oldest and time and math.min(oldest, time) or oldest or time
  end
  if oldest then
    call('ZADD', KEYS[1], oldest + life + 1, prefix)
  else
    call('ZREM', KEYS[1], prefix)
    call('DEL', prefix .. 'd')
    call('HINCRBY', KEYS[2], 't', -1)
  end
end

local is_behind = (#due == tonumber(ARGV[3]) or room == 0) and 1 or 0
local reply = {is_behind, expired}
for i, number in ipairs(call('HMGET', KEYS[2], 't', 's4', 'l4', 's6', 'l6')) do
  reply[i + 2] = tonumber(number or 0)
end
return reply
