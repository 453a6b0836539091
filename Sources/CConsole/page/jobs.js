// Indexing jobs: listed, followed while they run, cancelled.

const endedStates = ["done", "failed", "cancelled"];
const jobStates = {
  reading: ["warn", "Reading"], working: ["warn", "Working"], done: ["good", "Done"],
  failed: ["bad", "Failed"], cancelled: ["", "Cancelled"],
};

/// Fills the list of jobs; returns what takes up a new one.
function showJobs(root, signal, wanted) {
  const list = h("div", { "aria-live": "off" });
  const rows = new Map();
  const shown = (job) => {
    if (!rows.has(job.id)) {
      rows.set(job.id, h("article", { class: "job", "aria-label": `Job ${job.id}`, dataset: { job: job.id } }));
      list.prepend(rows.get(job.id));
    }
    paintJob(rows.get(job.id), job, shown);
  };
  const watch = (job) => {
    list.querySelector(".empty")?.remove();
    shown(job);
    if (!endedStates.includes(job.state)) follow(job, shown, signal);
    else info(true).catch(() => {});
  };
  root.replaceChildren(h("h2", {}, "Jobs"), list);
  get("/v1/jobs", { signal }).then((answer) => {
    const { jobs } = answer;
    if (jobs.length === 0) list.append(h("p", { class: "empty" }, "No job has run yet."));
    for (const job of jobs.toSorted((a, b) => a.id - b.id)) watch(job);
    if (wanted) rows.get(Number(wanted))?.scrollIntoView();
  }).catch((error) => showProblem(list, error));
  return watch;
}

function paintJob(row, job, shown) {
  const [state, words] = jobStates[job.state] ?? ["", job.state];
  const total = job.total_rows;
  const trouble = h("div", {});
  const cancel = h("button", { type: "button", class: "danger", onclick: async () => {
    cancel.disabled = true;
    try {
      const response = await send(`/v1/jobs/${job.id}`, { method: "DELETE", headers: { "Idempotency-Key": writeKey() } });
      const text = await response.text();
      shown(text ? JSON.parse(text) : { ...job, state: "cancelled" });
      announce(`Job ${job.id} is cancelled.`);
    } catch (error) { showProblem(trouble, error); }
  } }, "Cancel");
  const isOver = endedStates.includes(job.state);
  row.dataset.state = job.state;
  row.replaceChildren(
    h("div", { class: "row between" }, h("h3", {}, `${job.corpus} `, h("span", { class: "muted small" }, `job ${job.id}`)),
      h("span", { class: "state" }, h("span", { class: "dot", dataset: { state }, "aria-hidden": "true" }), words)),
    isOver ? "" : h("progress", { "aria-label": `Progress of job ${job.id}`, ...job.share > 0 && { max: 1, value: job.share } }),
    h("div", { class: "row between small" },
      h("span", {}, counted(job.rows ?? 0, "row"), total && !isOver ? ` of ${count(total)}` : "",
        job.rejects > 0 ? `, ${counted(job.rejects, "reject")}` : ", no rejects",
        job.rows_per_second > 0 && `, ${count(job.rows_per_second)} rows/s`),
      h("span", { class: "muted" }, moment(job.created_at))),
    job.problem ? h("p", { class: "notice bad" }, job.problem) : "",
    h("div", { class: "row" }, isOver ? "" : cancel,
      job.rows > 0 ? h("a", { class: "small", href: address("map", { corpus: job.corpus }) }, "Show on the map") : "",
      job.rejects > 0 ? rejectsButton(job, trouble) : ""), trouble);
}

/// Shows the first rows that were left out, and why.
function rejectsButton(job, place) {
  return h("button", { type: "button", class: "quiet", onclick: async () => {
    try {
      const lines = (await (await send(`/v1/jobs/${job.id}/rejects`)).text()).split("\n").filter(Boolean).map((line) => JSON.parse(line));
      place.replaceChildren(scrolled(h("table", { class: "small" },
        h("caption", {}, lines.length > 20 ? `The first 20 of ${count(lines.length)} rejects` : "Rejects"),
        h("thead", {}, h("tr", {}, ["Line", "Field", "Found", "Expected"].map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, lines.slice(0, 20).map((one) => h("tr", {}, h("td", {}, count(one.line)), h("td", {}, one.field ?? ""), h("td", {}, one.found), h("td", {}, one.expected)))))));
    } catch (error) { showProblem(place, error); }
  } }, "Show rejects");
}

/// Follows a job by its server-sent events, and by asking every second where those do not come.
///
/// EventSource cannot send a key, so with a key the stream is read by fetch.
async function follow(job, shown, signal) {
  let last = job;
  const take = (next) => {
    // The corpus was deleted, and its jobs with it.
    if (next.id === undefined) return;
    last = next;
    shown(next);
  };
  try {
    const path = `/v1/jobs/${job.id}/events`;
    await (storedKey() ? readEvents(path, take, signal) : listenToEvents(path, take, signal));
  } catch (error) {
    if (error.name === "AbortError" || signal.aborted) return;
  }
  while (!endedStates.includes(last.state) && !signal.aborted) {
    try {
      take(await get(`/v1/jobs/${job.id}`, { signal }));
      if (!endedStates.includes(last.state)) await pause(1, signal);
    } catch { return; }
  }
  if (!signal.aborted) {
    announce(`Job ${job.id}: ${jobStates[last.state]?.[1] ?? last.state}, ${counted(last.rows, "row")}.`);
    info(true).catch(() => {});
  }
}

function listenToEvents(path, take, signal) {
  return new Promise((resolve, reject) => {
    const source = new EventSource(path);
    const close = (finish) => { source.close(); finish(); };
    source.addEventListener("progress", (event) => take(JSON.parse(event.data)));
    source.addEventListener("done", (event) => { if (event.data) take(JSON.parse(event.data)); close(resolve); });
    for (const name of ["gone", "error"]) source.addEventListener(name, () => close(resolve));
    signal.addEventListener("abort", () => close(() => reject(signal.reason)));
  });
}

async function readEvents(path, take, signal) {
  const response = await send(path, { signal, headers: { Accept: "text/event-stream" } });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const events = text.split("\n\n");
    text = events.pop();
    for (const event of events) {
      const data = event.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5)).join("\n");
      if (data) take(JSON.parse(data));
    }
  }
}
