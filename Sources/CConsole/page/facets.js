// Filters and ranking beside the results. Every change is a new address.

/// The column of facets for a search; `change(search)` is told of every other one.
function facets(search, corpora, change) {
  const changed = (edit) => {
    const next = structuredClone(search);
    edit(next);
    change(next);
  };
  const text = (name, words, placeholder, hint) => {
    const input = h("input", { type: "text", value: search[name], placeholder, spellcheck: "false", autocomplete: "off",
      class: name === "contains" ? "" : "mono", onchange: () => changed((next) => { next[name] = input.value.trim(); }) });
    return field(words, input, hint);
  };
  const number = (name, words, low, high, step) => {
    const output = h("output", { class: "muted" }, search[name].toFixed(2));
    const input = h("input", { type: "range", min: low, max: high, step, value: search[name],
      oninput: () => { output.textContent = Number(input.value).toFixed(2); },
      onchange: () => changed((next) => { next[name] = Number(input.value); }) });
    input.id = freshID();
    return h("div", {}, h("div", { class: "range-head" }, h("label", { for: input.id }, words), output), input);
  };
  const ranges = Object.keys(search.ranges).length;
  return [
    group("Corpus", search.corpora.length, true, corpora.map((corpus) => {
      const box = h("input", { type: "checkbox", checked: search.corpora.includes(corpus.name), onchange: () =>
        changed((next) => {
          next.corpora = box.checked ? [...next.corpora, corpus.name] : next.corpora.filter((one) => one !== corpus.name);
        }) });
      return h("label", { class: "check" }, box, corpus.name,
        h("span", { class: "muted small" }, count(search.target === "texts" ? corpus.texts : corpus.molecules)));
    })),
    group("Structure", [search.smarts, search.similar].filter(Boolean).length, true,
      text("smarts", "Substructure (SMARTS)", "c1ccncc1"),
      text("similar", "Similar to (SMILES)", "CC(=O)Oc1ccccc1C(=O)O"),
      search.similar && number("tanimoto", "At least (Tanimoto)", 0.1, 1, 0.05)),
    group("Descriptors", ranges, ranges > 0 || innerWidth > 960,
      descriptors.map((one) => range(one, search.ranges[one.name] ?? [null, null], (value) => changed((next) => {
        if (value[0] === null && value[1] === null) delete next.ranges[one.name];
        else next.ranges[one.name] = value;
      })))),
    group("Text and kind", [search.contains, search.kind].filter(Boolean).length, Boolean(search.contains || search.kind),
      text("contains", "Text contains", "withdrawn"),
      field("Kind of item", choice([["", "Any"], ["molecule", "Has a molecule"], ["text", "Has a text"], ["pair", "Has both"]],
        search.kind, (kind) => changed((next) => { next.kind = kind; })))),
    group("Ranking", [search.ranking !== "embedding", search.diversity > 0, search.group].filter(Boolean).length,
      search.ranking !== "embedding" || search.diversity > 0 || Boolean(search.group),
      field("Ranked by", choice([["embedding", "Model"], ["fingerprint", "Fingerprint"], ["words", "Words of the text"], ["fused", "All together"]],
        search.ranking, (ranking) => changed((next) => { next.ranking = ranking; }))),
      number("diversity", "Diversity", 0, 1, 0.05),
      field("Group by", choice([["", "Nothing"], ["scaffold", "Murcko scaffold"]],
        search.group, (value) => changed((next) => { next.group = value; })))),
  ];
}

/// One fold of the column; `set` is how many of its facets are in use.
function group(words, set, isOpen, ...content) {
  return h("details", { open: isOpen },
    h("summary", {}, words, set > 0 && h("span", { class: "count" }, `${set} set`)), h("div", { class: "inside" }, content));
}

/// Two numbers and a slider with two handles for one descriptor; null is no bound.
function range(descriptor, [min, max], change) {
  const { words, unit, low, high, step } = descriptor;
  const bounded = (text) => text.trim() === "" || Number.isNaN(Number(text)) ? null : Number(text);
  const numbers = [["Least", min, low], ["Most", max, high]].map(([side, value, end]) => h("input", {
    type: "number", step: "any", value: value ?? "", placeholder: String(end), "aria-label": `${side} ${words}`,
    onchange: () => change(numbers.map((input) => bounded(input.value))) }));
  const fill = h("div", { class: "fill" });
  const place = (value) => `${100 * (Math.min(high, Math.max(low, value)) - low) / (high - low)}%`;
  const handles = [["Least", min ?? low], ["Most", max ?? high]].map(([side, value], index) => h("input", {
    type: "range", min: low, max: high, step, value, "aria-label": `${side} ${words}, slider`,
    oninput: () => move(index), onchange: () => change(numbers.map((input) => bounded(input.value))) }));
  function move(index) {
    const values = handles.map((handle) => Number(handle.value));
    if (values[0] > values[1]) handles[index].value = values[1 - index];
    const value = Number(handles[index].value);
    numbers[index].value = value === (index === 0 ? low : high) ? "" : value;
    paint();
  }
  function paint() {
    fill.style.left = place(Number(handles[0].value));
    fill.style.right = `calc(100% - ${place(Number(handles[1].value))})`;
  }
  paint();
  return h("div", { class: "range", role: "group", "aria-label": words },
    h("div", { class: "range-head" }, h("span", { class: "label" }, words), h("span", { class: "muted small" }, unit)),
    h("div", { class: "slider" }, fill, handles),
    h("div", { class: "range-inputs" }, numbers[0], h("span", { class: "muted", "aria-hidden": "true" }, "–"), numbers[1]));
}
