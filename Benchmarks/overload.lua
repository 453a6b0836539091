-- wrk's part of overload.py: texts that no cache knows; statuses and Retry-After of every answer.
local number, prefix = 0, ""
local threads = {}
function setup(thread)
  thread:set("name", #threads)
  table.insert(threads, thread)
end
function init(args)
  prefix = (args[1] or "x") .. "-" .. name .. "-"
  good, refused, bare, other, worst = 0, 0, 0, 0, 0
end
function request()
  number = number + 1
  local body = '{"text": "inhibitor of the enzyme ' .. prefix .. number .. '", "k": 10}'
  return wrk.format("POST", "/v1/search", {["Content-Type"] = "application/json"}, body)
end
function response(status, headers, body)
  if status == 200 then
    good = good + 1
  elseif status == 429 or status == 503 then
    refused = refused + 1
    if not headers["Retry-After"] then bare = bare + 1 end
  else
    other = other + 1
    worst = status
  end
end
function done(summary, latency, requests)
  local all = {good = 0, refused = 0, bare = 0, other = 0, worst = 0}
  for _, thread in ipairs(threads) do
    for key in pairs(all) do all[key] = all[key] + (thread:get(key) or 0) end
  end
  local e = summary.errors
  print(string.format(
    'RESULT {"good": %d, "refused": %d, "bare": %d, "other": %d, "worst": %d, "seconds": %.3f, ' ..
    '"p50": %.2f, "p99": %.2f, "connect": %d, "read": %d, "write": %d, "timeout": %d}',
    all.good, all.refused, all.bare, all.other, all.worst, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, e.connect, e.read, e.write, e.timeout))
end
