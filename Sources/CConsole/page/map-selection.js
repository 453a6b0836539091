// What is selected on the map, and the colours' key.

const mapAddress = (map) => new URLSearchParams(readAddress().parameters);

/// Writes the place into the address, without a step of its own.
const keepPlace = debounced(250, (map) => {
  if (readAddress().view !== "map" || map.signal.aborted || !map.answer) return;
  const parameters = mapAddress(map);
  const zoom = map.plane.zoom / map.plane.fitted;
  if (Math.abs(zoom - 1) < 0.01) parameters.delete("at");
  else parameters.set("at", [...map.plane.center, zoom].map((value) => value.toFixed(4)).join(","));
  go("map", parameters, { replaces: true, silently: true });
});

/// Writes the selection into the address: a shape of at most 32 corners.
function keepSelection(map) {
  const parameters = mapAddress(map);
  if (map.plane.selected.size === 0) parameters.delete("lasso");
  else parameters.set("lasso", map.plane.lasso.map((corner) => corner.map((value) => value.toFixed(3)).join(",")).join(";"));
  go("map", parameters, { silently: true });
}

function finishLasso(map) {
  const { lasso } = map.plane;
  const step = Math.max(1, lasso.length / 32);
  const corners = [];
  for (let place = 0; place < lasso.length; place += step) corners.push(lasso[Math.floor(place)].map((value) => Number(value.toFixed(3))));
  if (corners.length < 3) return clearSelection(map);
  select(map, corners);
  keepSelection(map);
}

function selectView(map) {
  const { plane } = map;
  const [left, top] = plane.toData(0, 0);
  const [right, low] = plane.toData(plane.width, plane.height);
  select(map, [[left, top], [right, top], [right, low], [left, low]]);
  keepSelection(map);
  map.list.querySelector("h2")?.focus();
}

function select(map, corners) {
  map.plane.lasso = corners;
  const found = map.plane.inside(corners).filter((point) => map.shownCluster === null || map.clusters[point] === map.shownCluster);
  showSelected(map, found, "in the lasso");
}

function clearSelection(map) {
  map.plane.lasso = [];
  map.shownCluster = null;
  map.plane.selected = new Set();
  map.list.replaceChildren(h("h2", {}, "Selection"), h("p", { class: "muted" },
    "Draw a line around points with the lasso, or with the Shift key held. From the keyboard: zoom in, then Enter lists what is in view."));
  map.draw();
}

function showSelected(map, points, where) {
  map.plane.selected = new Set(points);
  const list = h("ol", { class: "picked" });
  const more = h("button", { type: "button" }, "More");
  let done = 0;
  const page = async () => {
    more.disabled = true;
    const part = points.slice(done, done + 12);
    done += part.length;
    const rows = part.map(() => h("li", {}, h("span", { class: "muted small" }, "…")));
    list.append(...rows);
    await Promise.all(part.map(async (point, index) => {
      try { rows[index].replaceChildren(...pickedRow(await item(map.ids[point], { signal: map.signal }), describePoint(map, point))); }
      catch (error) { if (error.name !== "AbortError") rows[index].replaceChildren(h("span", { class: "muted small" }, error.message)); }
    }));
    more.disabled = false;
    more.hidden = done >= points.length;
  };
  more.addEventListener("click", page);
  map.list.replaceChildren(
    h("div", { class: "row between" }, h("h2", { tabindex: "-1" }, `${counted(points.length, "molecule")} ${where}`),
      h("button", { type: "button", class: "quiet", onclick: () => { clearSelection(map); keepSelection(map); } }, "Clear")),
    points.length > 0 ? list : h("p", { class: "muted" }, "There is no point here."), points.length > 12 ? more : "");
  announce(`${counted(points.length, "molecule")} ${where}`);
  page();
  map.draw();
}

function pickedRow(one, words) {
  const name = itemName(one);
  return [one.smiles ? drawing(one.smiles, name, { width: 156, height: 110 }) : h("span", {}),
    h("div", {}, h("b", {}, name), h("p", { class: "muted small" }, words),
      one.smiles && h("a", { class: "small", href: address("search", searchParameters({ ...structuredClone(searchDefaults), by: "smiles", q: one.smiles })) },
        "Similar", h("span", { class: "hidden" }, ` to ${name}`)))];
}

function showLegend(map) {
  const { answer } = map;
  if (answer.values) {
    const scale = h("canvas", { class: "scale", width: 256, height: 1, "aria-hidden": "true" });
    const context = scale.getContext("2d");
    for (let x = 0; x < 256; x++) {
      context.fillStyle = `rgb(${viridisColour(x / 255).join(" ")})`;
      context.fillRect(x, 0, 1, 1);
    }
    const { words, unit } = descriptorNamed[answer.descriptor];
    map.legend.replaceChildren(h("h2", {}, words), scale,
      h("div", { class: "row between small" }, h("span", {}, short(map.bounds[0])), h("span", { class: "muted" }, unit), h("span", {}, short(map.bounds[1]))));
    return;
  }
  map.legend.replaceChildren(h("h2", {}, "Clusters"), h("ol", { class: "key-list" }, answer.clusters.map((cluster, index) => {
    const swatch = h("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = clusterColours[index % clusterColours.length];
    return h("li", {}, h("button", { type: "button", class: "quiet", onclick: () => {
      map.shownCluster = index;
      map.plane.lasso = [];
      const points = map.clusters.flatMap((one, point) => one === index ? [point] : []);
      showSelected(map, points, `in cluster ${index + 1}`);
    } }, swatch, `Cluster ${index + 1}`, h("span", { class: "muted small" }, counted(cluster.size, "molecule"))));
  })));
}
