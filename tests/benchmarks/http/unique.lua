-- What wrk adds to an address so that nobody has asked it before: a second, from 2033 on.
local asked = tonumber(os.getenv("FIRST"))

request = function()
   asked = asked + 1
   return wrk.format(nil, wrk.path .. os.date("!%Y-%m-%dT%H:%M:%SZ", 2000000000 + asked))
end
