-- Posts texts of LIGATURE_TEXTS (one a line) to /v1/search, a different one each time: a line is
-- joined with a slice of another one, so that no two requests of a run are alike. With
-- LIGATURE_REPEATED=N the first N lines are posted as they are, over and over.
local texts = {}
local repeated = tonumber(os.getenv("LIGATURE_REPEATED") or "0")

function init(args)
  local path = os.getenv("LIGATURE_TEXTS")
  for line in io.lines(path) do texts[#texts + 1] = line end
  math.randomseed(os.time())
end

local number = 0

function request()
  number = number + 1
  if repeated > 0 then return post(texts[number % math.min(repeated, #texts) + 1]) end
  local first = texts[math.random(#texts)]
  local second = texts[math.random(#texts)]
  local start = math.random(math.max(1, #second - 20))
  return post(first .. " " .. second:sub(start, start + 20) .. " " .. number)
end

function post(text)
  text = text:gsub('[\\"%c\128-\255]', " ")
  return wrk.format("POST", "/v1/search", { ["Content-Type"] = "application/json" },
    '{"text":"' .. text .. '","k":10}')
end

function done(summary, latency)
  io.write(string.format(
    "p50 %.2f ms  p90 %.2f ms  p99 %.2f ms  max %.2f ms  %.0f requests/s  errors %d\n",
    latency:percentile(50) / 1000, latency:percentile(90) / 1000, latency:percentile(99) / 1000,
    latency.max / 1000, summary.requests / (summary.duration / 1e6),
    summary.errors.status + summary.errors.connect + summary.errors.read
      + summary.errors.write + summary.errors.timeout))
end
