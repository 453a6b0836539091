// What is shown, as a command, a table or a structure file.

/// The search as a command of a shell.
function curlCommand(search) {
  const body = JSON.stringify(searchRequest(search), null, 1).replace(/\n\s*/g, " ").replaceAll("'", "'\\''");
  const key = storedKey() ? " \\\n  -H \"Authorization: Bearer $LIGATURE_KEY\"" : "";
  return `curl ${location.origin}/v1/search -H 'Content-Type: application/json'${key} \\\n  -d '${body}'`;
}

/// RFC 4180; columns are rank to text, then every property that a result has. A text that a spreadsheet would
/// take for a formula gets an apostrophe in front: corpora hold what others wrote.
function csv(results) {
  const properties = [...new Set(results.flatMap((result) => Object.keys(result.properties ?? {})))];
  const columns = ["rank", "score", "id", "source_id", "corpus", "smiles", "text"];
  const cell = (value) => {
    let text = value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
    if (/^[=+\-@\t\r]/.test(text) && !Number.isFinite(Number(text))) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const line = (cells) => `${cells.map(cell).join(",")}\r\n`;
  return line([...columns, ...properties]) + results.map((result) =>
    line([...columns.map((name) => result[name]), ...properties.map((name) => result.properties?.[name])])).join("");
}

/// SDF with the results' fields as data items; the server lays the molecules out.
async function sdf(results) {
  const molecules = results.filter((result) => result.smiles).map((result) => {
    const fields = { rank: result.rank, score: result.score, source_id: result.source_id, corpus: result.corpus };
    if (result.text) fields.text = result.text;
    for (const [name, value] of Object.entries(result.properties ?? {})) {
      if (value !== null && typeof value !== "object") fields[name] = value;
    }
    return { smiles: result.smiles, name: itemName(result),
      fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)])) };
  });
  const response = await send("/v1/molecules/sdf", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ molecules }) });
  return response.text();
}

function exportButtons(search, results, report) {
  return h("div", { class: "row" },
    copyButton("Copy as curl", "The command", () => curlCommand(search)),
    h("button", { type: "button", onclick: () => download("ligature-results.csv", "text/csv", csv(results())) }, "CSV"),
    h("button", { type: "button", onclick: async () => {
      try {
        download("ligature-results.sdf", "chemical/x-mdl-sdfile", await sdf(results()));
      } catch (error) { report(error); }
    } }, "SDF"));
}
