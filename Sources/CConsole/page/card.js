// One result of a search.

/// `context` is { search, compare }: what was asked, and what compares.
function resultCard(result, best, context) {
  const { search } = context;
  const name = itemName(result);
  const isText = search.target === "texts";
  const hasDrawing = Boolean(result.smiles);
  const title = freshID();
  const words = result.text && h("p", { class: "words cut" }, result.text);
  const card = h("li", { class: `panel card${hasDrawing ? "" : " text-only"}`, "aria-labelledby": title, dataset: { id: result.id } },
    h("span", { class: "rank", "aria-label": `Rank ${result.rank}` }, String(result.rank)),
    hasDrawing && drawing(result.smiles, name, { width: 240, height: 170, smarts: search.smarts }),
    h("div", {},
      h("div", { class: "card-head" },
        h("h3", { id: title }, name),
        h("span", { class: "muted small" }, result.corpus),
        scoreBar(result.score, best)),
      words,
      hasDrawing && h("div", { class: "spelling" }, h("code", { class: "smiles", title: result.smiles }, result.smiles),
        copyButton("Copy", "SMILES", () => result.smiles, { class: "quiet", "aria-label": `Copy the SMILES of ${name}` })),
      facts(result),
      actions(result, context, words)));
  if (words && isText) words.classList.remove("cut");
  return card;
}

/// The bar is as long as the score is of the best one; the number is the score itself.
function scoreBar(score, best) {
  const share = best > 0 ? Math.max(0, Math.min(1, score / best)) : 0;
  const fill = h("span", {});
  fill.style.width = `${(100 * share).toFixed(1)}%`;
  return h("span", { class: "score" }, h("span", { class: "bar", "aria-hidden": "true" }, fill),
    h("b", {}, h("span", { class: "hidden" }, "Score "), score.toFixed(3).replace("-", "−")));
}

function facts(result) {
  const pairs = [];
  const sources = result.source_ids.slice(0, 4).join(", ") + (result.source_ids.length > 4 ? `, … (${result.source_ids.length})` : "");
  if (sources !== itemName(result)) pairs.push(["Source", sources]);
  for (const [name, value] of Object.entries(result.properties ?? {})) {
    if (name === "name" || name === "title" || value === null || typeof value === "object") continue;
    if (pairs.length < 7) pairs.push([capitalized(spelled(name)), String(value)]);
  }
  if (result.ranks) {
    const names = { embedding: "model", fingerprint: "fingerprint", words: "words" };
    pairs.push(["Ranks", Object.entries(result.ranks).filter(([name]) => names[name]).map(([name, rank]) => `${names[name]} ${rank}`).join(", ")]);
  }
  if (result.group_size) pairs.push(["Scaffold", `${result.scaffold || "none"} (${counted(result.group_size, "molecule")})`]);
  return h("dl", { class: "facts" }, pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

function actions(result, context, words) {
  const { search } = context;
  const related = (label, by, q, target) => h("a", { class: "button-link", href: address("search",
    searchParameters({ ...structuredClone(searchDefaults), by, q, target, corpora: search.corpora })) }, label);
  const compareButton = h("button", { type: "button", class: "quiet", "aria-pressed": String(isCompared(result.id)),
    onclick: () => { compareButton.setAttribute("aria-pressed", String(toggleCompared(result))); } }, "Compare");
  compareButton.dataset.compare = result.id;
  const why = h("button", { type: "button", class: "quiet", "aria-expanded": "false",
    onclick: () => toggleWhy(why, result, search) }, "Why this matched");
  const isLong = words && result.text.length > 240 && search.target !== "texts";
  const more = isLong && h("button", { type: "button", class: "quiet", "aria-expanded": "false", onclick: () => {
    const isCut = words.classList.toggle("cut");
    more.textContent = isCut ? "Whole text" : "Less text";
    more.setAttribute("aria-expanded", String(!isCut));
  } }, "Whole text");
  return h("div", { class: "card-actions" }, why, more,
    result.smiles && related("Similar molecules", "smiles", result.smiles, "molecules"),
    result.smiles && related("Texts for this molecule", "smiles", result.smiles, "texts"),
    result.text && related("Molecules for this text", "text", result.text, "molecules"),
    compareButton);
}
