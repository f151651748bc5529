-- Records one announce and chooses peers for it.
--
-- The peers of a swarm are four sorted sets: seeds and leechers, IPv4 and IPv6. A member is a compact peer (BEP 23, 7),
-- its score twice the second of its last announce, plus one if it has completed.
--
-- KEYS  1 the asker's family and kind  2 its family, the other kind  3 the other family, its kind  4 the other two
--       5 how many have completed      6 swarms of the slice by when to look at them      7 what the slice holds
-- ARGV  1 compact peer  2 now, in seconds  3 the life of a silent peer  4 "completed", "stopped" or ""
--       5 what a newcomer is told if there is no room for it, or ""
--       6 "" if none can be made, else what there are too many of: "p" for peers, "t" for torrents, "pt" for both
--       7 how many peers are wanted  8 how many families are wanted: "1" or "2"
local call = redis.call
local peer, now = ARGV[1], tonumber(ARGV[2])
local dead = '(' .. 2 * (now - ARGV[3])
local LISTED, GONE, UNKNOWN = 0, 1, 2
-- Of a swarm whose peers have died all at once so many go with one announce, and the rest by and by.
local REMOVED_MAX = 100

local function kind(key)
  return string.sub(key, -2)
end

local function held(field, change)
  call('HINCRBY', KEYS[7], field, change)
end

local function leave(key)
  if call('ZREM', key, peer) == 1 then
    held(kind(key), -1)
    return true
  end
end

local expired = 0

-- How many of a set are alive; the dead go.
local function alive(key)
  local size = call('ZCARD', key)
  if size == 0 then
    return 0
  end
  local gone = call('ZCOUNT', key, '-inf', dead)
  if gone > 0 then
    local removed = math.min(gone, REMOVED_MAX)
    call('ZREMRANGEBYRANK', key, 0, removed - 1)
    held(kind(key), -removed)
    expired = expired + removed
  end
  return size - gone
end

-- The swarms of the slice that are to be looked at first are the ones to have the oldest peers.
local COMPARED = 8
local SMALL_SWARM_MAX = 256
local KINDS = {'s4', 'l4', 's6', 'l6'}
local evicted_peers, evicted_torrents = 0, 0

local function forget_swarm(prefix)
  call('DEL', prefix .. 'd')
  held('t', -call('ZREM', KEYS[6], prefix))
end

-- The score of the first or last peer of a set, or nil.
local function score_at(key, rank)
  return tonumber(call('ZRANGE', key, rank, rank, 'WITHSCORES')[2])
end

-- The oldest peer of some swarms makes room; whether there is one. When they are due is set right on the way, so that
-- the next time others come first.
local function evict_peer()
  local oldest, from, swarm
  for _, prefix in ipairs(call('ZRANGE', KEYS[6], 0, COMPARED - 1)) do
    local first
    for _, set in ipairs(KINDS) do
      local score = score_at(prefix .. set, 0)
      if score and (not first or score < first) then
        first = score
        if not oldest or score < oldest then
          oldest, from, swarm = score, prefix .. set, prefix
        end
      end
    end
    if first then
      call('ZADD', KEYS[6], 'XX', math.floor(first / 2) + ARGV[3] + 1, prefix)
    end
  end
  if not from then
    return false
  end
  call('ZPOPMIN', from)
  held(kind(from), -1)
  evicted_peers = evicted_peers + 1
  if call('EXISTS', swarm .. 's4', swarm .. 'l4', swarm .. 's6', swarm .. 'l6') == 0 then
    forget_swarm(swarm)
  end
  return true
end

-- Of some small swarms the one that was announced the longest ago makes room, with its peers.
local function evict_swarm()
  local oldest, swarm
  for _, prefix in ipairs(call('ZRANGE', KEYS[6], 0, COMPARED - 1)) do
    local size, last = 0, 0
    for _, set in ipairs(KINDS) do
      size = size + call('ZCARD', prefix .. set)
      last = math.max(last, score_at(prefix .. set, -1) or 0)
    end
    if size <= SMALL_SWARM_MAX and (not oldest or last < oldest) then
      oldest, swarm = last, prefix
    end
  end
  if not swarm then
    return false
  end
  for _, set in ipairs(KINDS) do
    local size = call('ZCARD', swarm .. set)
    if size > 0 then
      held(set, -size)
      evicted_peers = evicted_peers + size
      call('DEL', swarm .. set)
    end
  end
  forget_swarm(swarm)
  evicted_torrents = evicted_torrents + 1
  return true
end

local function may_join()
  if ARGV[5] == '' or ARGV[6] == '' then
    return ARGV[5] == ''
  end
  local is_new = call('EXISTS', KEYS[1], KEYS[2], KEYS[3], KEYS[4]) == 0
  if is_new and string.find(ARGV[6], 't', 1, true) then
    return evict_swarm()
  end
  return not string.find(ARGV[6], 'p', 1, true) or evict_peer()
end

local listing, joined = LISTED, 0
if ARGV[4] == 'stopped' then
  listing = (leave(KEYS[1]) or leave(KEYS[2])) and GONE or UNKNOWN
else
  local score = call('ZSCORE', KEYS[1], peer)
  local is_here = score
  if not score then
    score = call('ZSCORE', KEYS[2], peer)
    if score then
      leave(KEYS[2])
    end
  end
  if score or may_join() then
    local completed = score and score % 2 or 0
    if ARGV[4] == 'completed' and completed == 0 then
      completed = 1
      call('INCR', KEYS[5])
    end
    call('ZADD', KEYS[1], 2 * now + completed, peer)
    if not is_here then
      held(kind(KEYS[1]), 1)
    end
    joined = score and 0 or 1
  else
    listing = tonumber(ARGV[5])
  end
end

local sizes, total = {}, 0
for i = 1, 4 do
  sizes[i] = alive(KEYS[i])
  total = total + sizes[i]
end
if joined == 1 and total == 1 then
  local prefix = string.sub(KEYS[1], 1, -3)
  held('t', call('ZADD', KEYS[6], 'NX', now + ARGV[3] + 1, prefix))
elseif listing == GONE and total == 0 then
  call('DEL', KEYS[5])
  held('t', -call('ZREM', KEYS[6], string.sub(KEYS[1], 1, -3)))
end

-- From each set as many as its share of all that are of use: a seed is told leechers.
local drawn = {'', ''}
local wanted = tonumber(ARGV[7])
if wanted > 0 and listing ~= GONE and listing ~= UNKNOWN then
  wanted = wanted + 1 -- the asker may be among them
  local is_seed = kind(KEYS[1]):sub(1, 1) == 's'
  local eligible, useful = 0, {}
  for i = 1, 2 * ARGV[8] do
    useful[i] = not (is_seed and kind(KEYS[i]):sub(1, 1) == 's') and sizes[i] or 0
    eligible = eligible + useful[i]
  end
  local passed, given = 0, 0
  for i = 1, #useful do
    passed = passed + useful[i]
    local upto = eligible <= wanted and passed or math.floor(wanted * passed / eligible + 0.5)
    if upto > given then
      local family = i <= 2 and 1 or 2
      drawn[family] = drawn[family] .. table.concat(call('ZRANDMEMBER', KEYS[i], upto - given))
      given = upto
    end
  end
end

local downloaded = tonumber(call('GET', KEYS[5]) or 0)
local seeds, leechers = sizes[1] + sizes[3], sizes[2] + sizes[4]
if kind(KEYS[1]):sub(1, 1) ~= 's' then
  seeds, leechers = leechers, seeds
end
return {
  listing, joined, expired, seeds, downloaded, leechers, evicted_peers, evicted_torrents, drawn[1], drawn[2]
}
