// A corpus in the plane: zoom, look, and select with a lasso.

views.map = {
  title: "Map",
  show(root, parameters, signal) {
    const canvas = h("canvas", { tabindex: "0", role: "application", "aria-label": "Map of molecules",
      "aria-roledescription": "map", "aria-describedby": "map-help" });
    const hover = h("div", { class: "panel hover", hidden: true });
    const tools = h("div", { class: "plane-tools", role: "toolbar", "aria-label": "Map" });
    const head = h("div", { class: "page-head" });
    const list = h("section", { class: "panel", "aria-label": "Selected molecules" });
    const legend = h("section", { class: "panel", "aria-label": "Colours" });
    root.append(head,
      h("div", { class: "map-body" },
        h("div", { class: "panel plane" }, canvas, tools, hover),
        h("div", { class: "stack" }, legend, list)),
      h("p", { class: "hidden", id: "map-help" }, "Arrow keys move, plus and minus zoom, 0 shows all, N and P go from point to point, "
        + "Enter lists the molecules that are in view, Escape clears the selection."));
    const map = { root, canvas, hover, tools, head, list, legend, signal, plane: new Plane(canvas), tool: "move",
      ids: [], clusters: [], answer: null, shownCluster: null, request: null };
    map.draw = drawingSoon(map);
    listenToMap(map);
    new ResizeObserver(() => { if (map.answer) { map.plane.resize(); map.draw(); } }).observe(canvas);
    addEventListener("themechange", () => { if (map.answer) { paintColours(map); map.draw(); } }, { signal });
    this.update = (fresh) => loadMap(map, fresh).catch((error) => showProblem(list, error));
    this.update(parameters);
  },
};

/// Draws at the next frame, once.
function drawingSoon(map) {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      if (!map.answer) return;
      const start = performance.now();
      map.plane.draw(hexColour(colour("--surface")), colour("--text"));
      map.canvas.dataset.milliseconds = (performance.now() - start).toFixed(1);
    });
  };
}

async function loadMap(map, parameters) {
  const { corpora } = await info();
  const withMolecules = corpora.filter((corpus) => corpus.molecules > 0);
  const corpus = parameters.get("corpus") ?? withMolecules[0]?.name;
  const colouring = parameters.get("colour") ?? "cluster";
  if (!corpus) {
    map.list.replaceChildren(h("p", { class: "empty" }, "No corpus here has molecules."));
    return;
  }
  const request = `${corpus} ${colouring}`;
  if (request !== map.request) {
    map.request = request;
    map.head.replaceChildren(h("h1", {}, "Map of ", corpus), h("span", { class: "muted" }, "Computing…"));
    const query = new URLSearchParams({ points: 50_000 });
    if (colouring !== "cluster") query.set("descriptor", colouring);
    const answer = await get(`/v1/corpora/${encodeURIComponent(corpus)}/map?${query}`, { signal: map.signal });
    if (request !== map.request) return;
    takeMap(map, answer);
  }
  showMapHead(map, withMolecules, colouring);
  if (parameters.has("at")) {
    const [x, y, zoom] = parameters.get("at").split(",").map(Number);
    if ([x, y, zoom].every(Number.isFinite) && zoom > 0) {
      map.plane.center = [x, y];
      map.plane.zoom = map.plane.fitted * zoom;
    }
  }
  const lasso = (parameters.get("lasso") ?? "").split(";").map((pair) => pair.split(",").map(Number));
  if (lasso.length > 2 && lasso.flat().every(Number.isFinite)) {
    if (JSON.stringify(lasso) !== JSON.stringify(map.plane.lasso) || map.plane.selected.size === 0) select(map, lasso);
  } else {
    clearSelection(map);
  }
  map.draw();
}

function takeMap(map, answer) {
  const { points } = answer;
  map.answer = answer;
  map.ids = points.map((point) => point[0]);
  map.clusters = points.map((point) => point[3]);
  map.plane.setPoints(Float32Array.from(points, (point) => point[1]), Float32Array.from(points, (point) => point[2]));
  map.plane.resize();
  map.plane.fit();
  map.canvas.dataset.points = points.length;
  paintColours(map);
  showLegend(map);
}

/// Colours every point by its cluster or its descriptor.
function paintColours(map) {
  const { answer } = map;
  const colours = new Uint8ClampedArray(3 * answer.points.length);
  const palette = clusterColours.map(hexColour);
  const [low, high] = answer.values ? quantiles(answer.values) : [0, 1];
  map.bounds = [low, high];
  for (let i = 0; i < answer.points.length; i++) {
    const value = answer.values?.[i];
    colours.set(!answer.values ? palette[map.clusters[i] % palette.length]
      : value === null ? [128, 128, 128] : viridisColour((value - low) / Math.max(1e-9, high - low)), 3 * i);
  }
  map.plane.setColours(colours);
}

/// The 2nd and 98th percentile: a few odd molecules do not take all the colours.
function quantiles(values) {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (known.length === 0) return [0, 1];
  return [known[Math.floor(0.02 * (known.length - 1))], known[Math.ceil(0.98 * (known.length - 1))]];
}

function showMapHead(map, corpora, colouring) {
  const { answer } = map;
  const go_ = (edit) => go("map", { corpus: answer.corpus, ...colouring !== "cluster" && { colour: colouring }, ...edit });
  const corpusBox = choice(corpora.map((corpus) => [corpus.name, corpus.name]), answer.corpus, (corpus) => go_({ corpus }));
  const colourBox = choice([["cluster", "Cluster"], ...descriptors.map((one) => [one.name, one.words])], colouring,
    (value) => go("map", { corpus: answer.corpus, ...value !== "cluster" && { colour: value } }));
  corpusBox.setAttribute("aria-label", "Corpus");
  colourBox.setAttribute("aria-label", "Colour by");
  map.head.replaceChildren(h("h1", {}, "Map"), corpusBox, h("span", { class: "muted" }, "coloured by"), colourBox,
    h("span", { class: "muted small" }, `${count(answer.points.length)} of ${counted(answer.molecules, "molecule")}; the axes carry `
      + `${answer.variance.map((share) => percent(share)).join(" and ")} of the variance`));
  const tool = (name, words) => h("button", { type: "button", "aria-pressed": String(map.tool === name), onclick: () => {
    map.tool = name;
    map.canvas.dataset.tool = name;
    showMapHead(map, corpora, colouring);
    map.tools.querySelector('[aria-pressed="true"]').focus();
  } }, words);
  const act = (words, label, work) => h("button", { type: "button", "aria-label": label, title: label, onclick: () => { work(); map.draw(); } }, words);
  map.tools.replaceChildren(tool("move", "Move"), tool("lasso", "Lasso"),
    act("+", "Zoom in", () => map.plane.zoomBy(1.5)), act("−", "Zoom out", () => map.plane.zoomBy(1 / 1.5)),
    act("All", "Show all", () => map.plane.fit()));
}
