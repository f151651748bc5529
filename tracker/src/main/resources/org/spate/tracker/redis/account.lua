-- What a user has been credited with: for how many torrents, and a text, "UP DOWN" and then a line for each torrent,
-- "INFO-HASH UP DOWN".
--
-- KEYS  1 the account
-- ARGV  1 how many torrents at most
local call = redis.call
local totals = call('HMGET', KEYS[1], 'u', 'd')
local lines = {(totals[1] or '0') .. ' ' .. (totals[2] or '0')}
if tonumber(ARGV[1]) > 0 then
  local fields = call('HGETALL', KEYS[1])
  for i = 1, #fields, 2 do
    local up, down = string.match(fields[i + 1], '^(%d+) (%d+)')
    if up and #lines <= tonumber(ARGV[1]) then
      lines[#lines + 1] = fields[i] .. ' ' .. up .. ' ' .. down
    end
  end
end
return {math.max(0, call('HLEN', KEYS[1]) - 2), table.concat(lines, '\n')}
