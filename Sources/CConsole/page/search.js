// Search: a question, facets beside it, results below it.

const examples = [
  ["selective beta-1 blocker for hypertension", "text", "molecules"],
  ["inhibitor of bacterial cell wall synthesis", "text", "molecules"],
  ["a flavonoid from plants with antioxidant activity", "text", "molecules"],
  ["CC(=O)Oc1ccccc1C(=O)O", "smiles", "molecules"],
  ["CN1C=NC2=C1C(=O)N(C(=O)N2C)C", "smiles", "texts"],
];

const looksLikeMolfile = (text) => /\bV[23]000\b/.test(text) && /^M {2}END/m.test(text);

views.search = {
  title: "Search",
  show(root, parameters, signal) {
    const state = { search: readSearch(parameters), run: null, corpora: [] };
    const form = askForm(state);
    const column = h("aside", { class: "panel facets", "aria-label": "Filters" });
    const fold = h("details", { class: "fold panel", hidden: true }, h("summary", {}, "Filters"));
    const results = h("section", { "aria-label": "Results", id: "results" });
    root.append(h("h1", { class: "hidden" }, "Search"), form.element,
      h("div", { class: "search-body" }, h("div", {}, fold, column), results));
    foldOnPhones(fold, column, signal);
    info().then((answer) => { state.corpora = answer.corpora; paint(); }).catch(() => {});
    addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.target.closest("input, textarea, select, dialog")) return;
      event.preventDefault();
      form.focus();
    }, { signal });

    function paint() {
      const focused = document.activeElement?.getAttribute("aria-label");
      column.replaceChildren(...facets(state.search, state.corpora, (next) => go("search", searchParameters(next))));
      if (focused) [...column.querySelectorAll("[aria-label]")].find((one) => one.getAttribute("aria-label") === focused)?.focus();
    }
    this.update = (fresh) => {
      state.search = readSearch(fresh);
      state.run?.abort();
      state.run = new AbortController();
      signal.addEventListener("abort", () => state.run.abort());
      form.paint();
      paint();
      document.title = state.search.q ? `${state.search.q.slice(0, 60)} – Ligature` : "Search – Ligature";
      if (state.search.q) showResults(results, state.search, state.run.signal);
      else results.replaceChildren(welcome());
    };
    this.update(parameters);
  },
};

/// On a narrow screen the facets are folded away above the results.
function foldOnPhones(fold, column, signal) {
  const narrow = matchMedia("(max-width: 60rem)");
  const parent = fold.parentElement;
  const place = () => {
    fold.hidden = !narrow.matches;
    (narrow.matches ? fold : parent).append(column);
    column.classList.toggle("panel", !narrow.matches);
  };
  narrow.addEventListener("change", place, { signal });
  place();
}

function askForm(state) {
  const box = h("textarea", { id: "question", rows: "1", spellcheck: "false", autocomplete: "off" });
  const trouble = h("div", {});
  const label = h("label", { for: "question", class: "hidden" }, "Question");
  const by = h("div", {});
  const target = h("div", {});
  const submit = () => {
    if (looksLikeMolfile(box.value)) return takeMolfile(box.value);
    const q = box.value.trim().replace(/\s*\n\s*/g, " ");
    if (q) go("search", searchParameters({ ...state.search, q }));
    else box.focus();
  };
  const form = h("form", { class: "ask", role: "search", onsubmit: (event) => { event.preventDefault(); submit(); } },
    label,
    h("div", { class: "ask-line" }, by, target),
    h("div", { class: "ask-line" }, box, h("button", { class: "primary", type: "submit" }, "Search")), trouble);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
  });
  box.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (looksLikeMolfile(text)) { event.preventDefault(); takeMolfile(text); }
  });
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("dragged"); });
  form.addEventListener("dragleave", () => form.classList.remove("dragged"));
  form.addEventListener("drop", async (event) => {
    event.preventDefault();
    form.classList.remove("dragged");
    const file = event.dataTransfer.files[0];
    const text = file ? await file.slice(0, 1 << 20).text() : event.dataTransfer.getData("text/plain");
    if (looksLikeMolfile(text)) takeMolfile(text);
    else if (text.trim()) { box.value = text.trim().split("\n")[0].split(/[\t ]/)[0]; state.search.by = "smiles"; submit(); }
  });

  async function takeMolfile(text) {
    try {
      const molfile = text.split(/^\$\$\$\$/m)[0];
      const { canonical_smiles } = await post("/v1/molecules/canonicalize", { molfile });
      trouble.replaceChildren();
      go("search", searchParameters({ ...state.search, by: "smiles", q: canonical_smiles }));
    } catch (error) {
      showProblem(trouble, error);
    }
  }

  function paint() {
    const { search } = state;
    const change = (edit) => {
      Object.assign(state.search, edit);
      paint();
      if (state.search.q && box.value.trim() === state.search.q && edit.target) submit();
    };
    by.replaceChildren(segments("The question is", "by", [["text", "Text"], ["smiles", "SMILES or molfile"]], search.by,
      (value) => change({ by: value })));
    target.replaceChildren(segments("Look for", "target", [["molecules", "Find molecules"], ["texts", "Find texts"]], search.target,
      (value) => change({ target: value })));
    if (document.activeElement !== box || !box.value) box.value = search.q;
    box.classList.toggle("mono", search.by === "smiles");
    box.placeholder = search.by === "text" ? "What the molecule does or is" : "A SMILES, or drop or paste a molfile";
    label.textContent = search.by === "text" ? "Question, as text" : "Question, as SMILES or molfile";
    trouble.replaceChildren();
  }
  return { element: form, paint, focus: () => box.focus() };
}

function welcome() {
  return h("div", { class: "empty" },
    h("p", {}, "Ask for molecules by what they do or are, or draw one elsewhere and paste it as SMILES or molfile."),
    h("div", { class: "examples" }, examples.map(([q, by, target]) => h("a", {
      class: "chip", href: address("search", searchParameters({ ...structuredClone(searchDefaults), q, by, target })) },
      by === "smiles" ? h("code", {}, q) : h("span", {}, q), h("span", { class: "muted" }, target === "texts" ? "→ texts " : "")))));
}
