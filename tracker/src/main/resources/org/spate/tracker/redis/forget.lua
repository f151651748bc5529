-- Strikes a user's account out.
--
-- KEYS  1 the account
return {redis.call('DEL', KEYS[1])}
