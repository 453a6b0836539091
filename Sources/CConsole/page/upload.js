// Upload: look at a file's first rows, start a job, watch it.

const fileFormats = {
  tsv: ["Tab-separated (TSV)", "text/tab-separated-values"], csv: ["Comma-separated (CSV)", "text/csv"],
  ndjson: ["JSON lines (NDJSON)", "application/x-ndjson"], smi: ["SMILES lines", "chemical/x-daylight-smiles"],
  sdf: ["Structure data (SDF)", "chemical/x-mdl-sdfile"],
};

/// Format and compression by the file's name; nil where it says nothing.
function fileFormat(name) {
  const match = /\.(tsv|tab|csv|ndjson|jsonl|smi|smiles|sdf|mol|sd)(\.gz)?$/i.exec(name);
  const alias = { tab: "tsv", jsonl: "ndjson", smiles: "smi", mol: "sdf", sd: "sdf" };
  const word = match?.[1].toLowerCase();
  return match && { format: alias[word] ?? word, isCompressed: Boolean(match[2]) };
}

views.upload = {
  title: "Upload",
  show(root, parameters, signal) {
    const file = h("input", { type: "file", id: "file", accept: ".tsv,.tab,.csv,.ndjson,.jsonl,.smi,.smiles,.sdf,.sd,.mol,.gz" });
    const drop = h("div", { class: "drop" }, h("label", { for: "file" }, "Choose a file, or drop one here"), file,
      h("p", { class: "muted small" }, "TSV, CSV, NDJSON, SMILES lines or SDF, plain or gzip. Tables need a column smiles or text; a column id names the rows."));
    const chosen = h("div", { class: "stack" });
    const jobs = h("section", { class: "panel", "aria-label": "Jobs" });
    root.append(h("div", { class: "page-head" }, h("h1", {}, "Upload a corpus")),
      h("div", { class: "columns" }, h("section", { class: "panel stack", "aria-label": "File" }, drop, chosen), jobs));
    const watch = showJobs(jobs, signal, parameters.get("job"));
    const take = (one) => { if (one) showChosen(chosen, one, watch).catch((error) => showProblem(chosen, error)); };
    file.addEventListener("change", () => take(file.files[0]));
    for (const kind of ["dragover", "dragleave", "drop"]) {
      drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.toggle("dragged", kind === "dragover"); });
    }
    drop.addEventListener("drop", (event) => take(event.dataTransfer.files[0]));
  },
};

async function showChosen(place, file, watch) {
  const known = fileFormat(file.name);
  const rows = await firstLines(file, known?.isCompressed);
  const stem = file.name.split(".")[0].toLowerCase().replace(/[^a-z0-9_-]+/g, "-").slice(0, 60);
  const corpus = h("input", { type: "text", id: "corpus-name", value: stem, required: true, autocomplete: "off", spellcheck: "false" });
  const format = choice(Object.entries(fileFormats).map(([name, [words]]) => [name, words]), known?.format ?? "tsv", () => preview());
  const table = h("div", { class: "scroll preview", tabindex: "0", role: "region", "aria-label": "First rows" });
  const preview = () => table.replaceChildren(previewTable(rows, format.value));
  const trouble = h("div", {});
  const start = h("button", { class: "primary", type: "submit" }, "Start");
  preview();
  place.replaceChildren(h("form", { class: "stack", onsubmit: async (event) => {
    event.preventDefault();
    start.disabled = true;
    start.textContent = "Sending…";
    trouble.replaceChildren();
    try {
      const query = new URLSearchParams({ corpus: corpus.value.trim(), format: format.value });
      const response = await send(`/v1/jobs?${query}`, { method: "POST", body: file, headers: {
        "Content-Type": known?.isCompressed ? "application/gzip" : fileFormats[format.value][1], "Idempotency-Key": writeKey() } });
      const job = await response.json();
      announce(`Job ${job.id} has started.`);
      watch(job);
    } catch (error) { showProblem(trouble, error); }
    start.disabled = false;
    start.textContent = "Start";
  } },
    h("p", {}, h("b", {}, file.name), h("span", { class: "muted" }, ` ${bytes(file.size)}`)), table,
    h("div", { class: "form" }, field("Corpus", corpus), field("Format", format), start), trouble));
  announce(`The first rows of ${file.name} are shown.`);
}

/// The first lines of a file, at most 64 KiB of it; what a gzip stream gives before it ends is enough.
async function firstLines(file, isCompressed) {
  if (!isCompressed) return (await file.slice(0, 65_536).text()).split(/\r?\n/);
  let text = "";
  const reader = file.slice(0, 1 << 20).stream().pipeThrough(new DecompressionStream("gzip")).pipeThrough(new TextDecoderStream()).getReader();
  try {
    while (text.length < 65_536) {
      const { value, done } = await reader.read();
      if (done) break;
      text += value;
    }
    await reader.cancel();
  } catch { /* The slice ends before the stream does. */ }
  return text.split(/\r?\n/);
}

/// The first rows, as the format cuts them; the server reads the file by itself.
function previewTable(lines, format) {
  const some = lines.slice(0, 6).filter((line) => line !== "");
  const table = (names, rows) => h("table", {}, h("caption", {}, "First rows"),
    h("thead", {}, h("tr", {}, names.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell ?? ""))))));
  if (format === "tsv") return table(some[0]?.split("\t") ?? [], some.slice(1).map((line) => line.split("\t")));
  if (format === "csv") return table(csvCells(some[0] ?? ""), some.slice(1).map(csvCells));
  if (format === "smi") return table(["smiles", "id"], some.map((line) => { const [smiles, ...rest] = line.split(/[\t ]+/); return [smiles, rest.join(" ")]; }));
  if (format === "ndjson") {
    const rows = some.map((line) => { try { return JSON.parse(line); } catch { return { "not JSON": line }; } });
    const names = [...new Set(rows.flatMap((row) => Object.keys(row ?? {})))];
    return table(names, rows.map((row) => names.map((name) => typeof row[name] === "object" && row[name] ? JSON.stringify(row[name]) : row[name])));
  }
  const titles = lines.join("\n").split(/^\$\$\$\$\n?/m).slice(0, 5).map((record) => record.split("\n"));
  return table(["title", "lines"], titles.filter((record) => record.length > 3).map((record) => [record[0], record.length]));
}

/// The cells of one line of CSV.
function csvCells(line) {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((match) => match[1]?.replaceAll('""', '"') ?? match[2]);
}
