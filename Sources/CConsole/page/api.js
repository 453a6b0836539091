// Requests to the server that this page came from.

/// What the server answered instead of a result (RFC 9457), or that it did not answer.
class APIProblem extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`);
    this.status = status;
    this.errors = problem.errors ?? [];
  }

  /// One sentence for a person.
  get words() {
    switch (this.status) {
      case 0: return "The server does not answer. Is it running, and is this computer connected?";
      case 401: return "This server asks for an API key.";
      case 403: return "The API key does not allow this.";
      case 404: return this.message;
      case 413: return "That is more than the server takes at once.";
      case 429: return "The server has been asked too much; wait a moment and try again.";
      case 500: return "The server made a mistake; its log says which.";
      default: return this.message;
    }
  }
}

/// A problem as a notice, with the wrong fields.
function problemNotice(error) {
  if (!(error instanceof APIProblem)) throw error;
  return h("div", { class: "notice bad", role: "alert" }, h("p", {}, error.words),
    error.errors.length > 0 && h("ul", {}, error.errors.map((one) => h("li", {},
      h("code", {}, one.field), one.offset !== undefined ? ` at byte ${one.offset}: ` : ": ", one.detail))));
}

const pause = (seconds, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, seconds * 1000);
  signal?.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); });
});

/// A key by which the server knows a write again; `randomUUID` exists in secure contexts only.
const writeKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)),
  (byte) => byte.toString(16).padStart(2, "0")).join("");

function storedKey() {
  try { return sessionStorage.getItem("ligature-key"); } catch { return null; }
}

function authorized(headers = {}) {
  const key = storedKey();
  return key ? { ...headers, Authorization: `Bearer ${key}` } : headers;
}

/// A response with a status of 200 to 299; throws APIProblem for others.
///
/// While the server loads or is busy (503) it is asked again when it says so, up to `patience` seconds.
/// A server that asks for a key (401) is given one, once the person has entered it.
async function send(path, { method = "GET", headers = {}, body, signal, patience = 120 } = {}) {
  const deadline = performance.now() + patience * 1000;
  let hasAsked = false;
  for (;;) {
    let response;
    try {
      response = await fetch(path, { method, headers: authorized(headers), body, signal, cache: "no-cache" });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      serverIs("bad", "No answer from the server");
      throw new APIProblem(0, {});
    }
    if (response.ok) return response;
    const problem = await response.json().catch(() => ({}));
    if (response.status === 401 && !hasAsked) {
      hasAsked = true;
      if (await askForKey(storedKey() ? "The server does not accept this key." : undefined)) continue;
    }
    const wait = Number(response.headers.get("Retry-After"));
    if (response.status === 503 && wait > 0 && performance.now() + wait * 1000 < deadline) {
      serverIs("warn", problem.detail ?? "The server is busy");
      await pause(Math.min(wait, 10), signal);
      continue;
    }
    throw new APIProblem(response.status, problem);
  }
}

/// The JSON of a GET.
async function get(path, options = {}) {
  return (await send(path, options)).json();
}

/// The JSON that a POST of JSON is answered with.
async function post(path, value, options = {}) {
  const response = await send(path, {
    ...options, method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });
  return response.json();
}

function serverIs(state, words) {
  byID("server").dataset.state = state;
  byID("server-words").textContent = words;
  byID("server").title = words;
}

let serverInfo;

/// `/v1/info`; asked once and again when `isFresh` is wanted.
async function info(isFresh = false) {
  if (!serverInfo || isFresh) {
    const promise = get("/v1/info").then((answer) => {
      const molecules = answer.corpora.reduce((sum, corpus) => sum + corpus.molecules, 0);
      serverIs("good", `${answer.model.name} · ${counted(molecules, "molecule")}`);
      return answer;
    });
    serverInfo = promise;
    promise.catch(() => { if (serverInfo === promise) serverInfo = undefined; });
  }
  return serverInfo;
}

/// One item, by its number; kept for the next time.
const knownItems = new Map();
async function item(id, options) {
  if (!knownItems.has(id)) {
    if (knownItems.size > 2000) knownItems.clear();
    knownItems.set(id, await get(`/v1/items/${id}`, options));
  }
  return knownItems.get(id);
}
