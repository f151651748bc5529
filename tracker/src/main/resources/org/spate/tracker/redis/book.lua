-- Enters into a user's account what one announce says.
--
-- An account is a hash: "u" and "d" are all bytes it has been credited with, and each torrent has a field, whose value
-- is the bytes up and down of that torrent and where the counters of its clients stood: "UP DOWN RUN:UP:DOWN:MILLIS ...",
-- the run that was silent for longest first. The first word of a run earns nothing.
--
-- KEYS  1 the account
-- ARGV  1 info-hash  2 the run, a number  3 bytes up and 4 down since it began  5 now, in milliseconds
--       6 bytes a second that are believed  7 runs at most  8 torrents at most
local call = redis.call
local BOOKED, CUT, NO_ROOM = 0, 1, 2
local up, down, now = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])

local function decimal(number)
  return string.format('%.0f', number)
end

local entry = call('HGET', KEYS[1], ARGV[1])
if not entry then
  if call('HLEN', KEYS[1]) >= ARGV[8] + 2 then
    return {NO_ROOM}
  end
  call('HINCRBY', KEYS[1], 'u', 0)
  call('HINCRBY', KEYS[1], 'd', 0)
  entry = '0 0'
end

local total_up, total_down, rest = string.match(entry, '^(%d+) (%d+)(.*)$')
local runs, grown_up, grown_down, booking = {}, 0, 0, BOOKED
for run, run_up, run_down, seen in string.gmatch(rest, '(%-?%d+):(%d+):(%d+):(%d+)') do
  if run ~= ARGV[2] then
    runs[#runs + 1] = table.concat({run, run_up, run_down, seen}, ':')
  elseif up >= tonumber(run_up) and down >= tonumber(run_down) then
    local most = math.floor(ARGV[6] * math.max(0, now - seen) / 1000)
    grown_up, grown_down = up - run_up, down - run_down
    if grown_up > most or grown_down > most then
      grown_up, grown_down, booking = math.min(grown_up, most), math.min(grown_down, most), CUT
    end
  end
end
while #runs >= tonumber(ARGV[7]) do
  table.remove(runs, 1)
end
runs[#runs + 1] = table.concat({ARGV[2], ARGV[3], ARGV[4], ARGV[5]}, ':')

local value = {decimal(total_up + grown_up), decimal(total_down + grown_down), table.concat(runs, ' ')}
call('HSET', KEYS[1], ARGV[1], table.concat(value, ' '))
if grown_up > 0 or grown_down > 0 then
  call('HINCRBY', KEYS[1], 'u', decimal(grown_up))
  call('HINCRBY', KEYS[1], 'd', decimal(grown_down))
end
return {booking}
