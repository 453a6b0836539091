// Two molecules side by side. At the foot of the page lies what was chosen so far.

let compared = [];
const isCompared = (id) => compared.some((one) => one.id === id);

/// Chooses a result for comparison, or no longer; returns whether it is chosen. The third takes the first's place.
function toggleCompared(result) {
  const was = isCompared(result.id);
  compared = was ? compared.filter((one) => one.id !== result.id) : [...compared, result].slice(-2);
  showTray();
  return !was;
}

function showTray() {
  const tray = byID("tray");
  tray.hidden = compared.length === 0;
  for (const button of document.querySelectorAll("[data-compare]")) {
    button.setAttribute("aria-pressed", String(isCompared(Number(button.dataset.compare))));
  }
  tray.replaceChildren(
    h("span", {}, h("b", {}, "Compare: "), compared.map(itemName).join(" and ") || "nothing",
      compared.length === 1 && h("span", { class: "muted" }, " and one more")),
    h("span", { class: "grow" }),
    h("button", { type: "button", onclick: () => { compared = []; showTray(); } }, "Clear"),
    h("button", { type: "button", class: "primary", disabled: compared.length < 2, onclick: () => {
      for (const one of compared) knownItems.set(one.id, one);
      const [left, right] = compared;
      compared = [];
      showTray();
      go("compare", { left: left.id, right: right.id });
    } }, "Compare side by side"));
}

views.compare = {
  title: "Compare",
  async show(root, parameters, signal) {
    root.append(h("p", { class: "empty" }, "Reading both…"));
    try {
      const pair = await Promise.all(["left", "right"].map((side) => item(Number(parameters.get(side)), { signal })));
      const [scores, described] = await Promise.all([
        post("/v1/similarity", { pairs: [{ left: side(pair[0]), right: side(pair[1]) }] }, { signal }).catch(ignoreProblem),
        Promise.all(pair.map((one) => one.smiles ? post("/v1/molecules/describe", { smiles: one.smiles }, { signal }).catch(ignoreProblem) : null)),
      ]);
      root.replaceChildren(comparison(pair, scores?.scores?.[0], described));
    } catch (error) {
      showProblem(root, error);
    }
  },
};

const side = (one) => one.smiles ? { smiles: one.smiles } : { text: one.text };

function ignoreProblem(error) {
  if (!(error instanceof APIProblem)) throw error;
  return null;
}

function comparison(pair, score, described) {
  const rows = comparedRows(pair, described);
  const differing = rows.filter((row) => row.differs).length;
  return h("div", {},
    h("div", { class: "page-head" }, h("h1", {}, `${itemName(pair[0])} and ${itemName(pair[1])}`),
      h("span", { class: "muted" }, Number.isFinite(score) ? `Similarity by the model ${score.toFixed(3)}` : "")),
    h("div", { class: "pair" }, pair.map((one) => h("section", { class: "panel stack", "aria-label": itemName(one) },
      h("h2", {}, itemName(one)), one.smiles && drawing(one.smiles, itemName(one), { width: 480, height: 300 }),
      one.text && h("p", {}, one.text)))),
    h("section", { class: "panel" }, h("h2", {}, `${differing} of ${rows.length} properties differ`),
      scrolled(h("table", {},
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Property"), pair.map((one) => h("th", { scope: "col" }, itemName(one))))),
        h("tbody", {}, rows.map((row) => h("tr", { class: row.differs ? "differs" : "" },
          h("th", { scope: "row" }, row.name), row.values.map((value) => h("td", {}, value)))))))));
}

/// One row for each property that either has: of the item, and what the server computes from the structure.
function comparedRows(pair, described) {
  const tables = pair.map((one, index) => {
    const table = { corpus: one.corpus, source: (one.source_ids ?? []).join(", "), SMILES: one.smiles };
    for (const [name, value] of Object.entries(one.properties ?? {})) if (name !== "name") table[name] = value;
    const facts = described[index];
    if (facts) {
      for (const name of ["formula", "charge", "stereocentres", "scaffold"]) table[name] ??= facts[name];
      Object.assign(table, facts.descriptors);
      if (facts.groups) table["functional groups"] = facts.groups.map((group) => `${group.count} × ${group.name}`).join(", ");
    }
    return table;
  });
  const names = [...new Set(tables.flatMap(Object.keys))].filter((name) => name !== "smiles");
  const shown = (value) => value === null || value === undefined || value === "" ? "–"
    : typeof value === "number" ? short(value) : typeof value === "object" ? JSON.stringify(value) : String(value);
  return names.map((name) => {
    const values = tables.map((table) => shown(table[name]));
    return { name: capitalized(spelled(name)), values, differs: values[0] !== values[1] };
  });
}
