// How the map is moved, asked and selected: mouse, touch and keyboard.

function listenToMap(map) {
  const { canvas, plane } = map;
  const pointers = new Map();
  let span = 0;
  const place = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  const fingersApart = () => { const [a, b] = [...pointers.values()]; return Math.hypot(a[0] - b[0], a[1] - b[1]); };

  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    plane.zoomBy(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016)), ...place(event));
    keepPlace(map);
    map.draw();
  }, { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
    if (pointers.size === 2) span = fingersApart();
    if (pointers.size === 1 && (map.tool === "lasso" || event.shiftKey)) {
      plane.lasso = [plane.toData(...place(event))];
      plane.selected = new Set();
      map.isDrawing = true;
    }
  });
  canvas.addEventListener("pointermove", (event) => {
    const now = place(event);
    const before = pointers.get(event.pointerId);
    if (!before) return hoverAt(map, now);
    pointers.set(event.pointerId, now);
    if (map.isDrawing && pointers.size === 1) {
      plane.lasso.push(plane.toData(...now));
    } else if (pointers.size === 2) {
      const [a, b] = [...pointers.values()];
      const apart = fingersApart();
      plane.zoomBy(apart / Math.max(1, span), (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
      plane.moveBy((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
      span = apart;
    } else {
      plane.moveBy(now[0] - before[0], now[1] - before[1]);
      map.hover.hidden = true;
    }
    map.draw();
  });
  const end = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    if (map.isDrawing) {
      map.isDrawing = false;
      finishLasso(map);
    } else {
      keepPlace(map);
    }
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("pointerleave", () => hoverAt(map, null));
  canvas.addEventListener("blur", () => hoverAt(map, null));
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !map.answer || !mapKey(map, event.key)) return;
    event.preventDefault();
    keepPlace(map);
    map.draw();
  });
}

/// Does what a key asks for; false for a key that means nothing here.
function mapKey(map, key) {
  const { plane } = map;
  const step = Math.min(plane.width, plane.height) / 8;
  switch (key) {
    case "ArrowLeft": plane.moveBy(step, 0); return true;
    case "ArrowRight": plane.moveBy(-step, 0); return true;
    case "ArrowUp": plane.moveBy(0, step); return true;
    case "ArrowDown": plane.moveBy(0, -step); return true;
    case "+": case "=": plane.zoomBy(1.4); return true;
    case "-": plane.zoomBy(1 / 1.4); return true;
    case "0": plane.fit(); return true;
    case "n": case "N": stepPoint(map, 1); return true;
    case "p": case "P": stepPoint(map, -1); return true;
    case "Enter": selectView(map); return true;
    case "Escape": if (plane.selected.size === 0) return false; clearSelection(map); keepSelection(map); return true;
    default: return false;
  }
}

/// The points in view from left to right, one after the other.
function stepPoint(map, direction) {
  const { plane } = map;
  const [left, top] = plane.toData(0, 0);
  const [right, low] = plane.toData(plane.width, plane.height);
  const seen = plane.inside([[left, top], [right, top], [right, low], [left, low]]).sort((a, b) => plane.xs[a] - plane.xs[b]);
  if (seen.length === 0) return;
  const now = seen.indexOf(plane.hovered);
  const next = seen[now < 0 ? 0 : (now + direction + seen.length) % seen.length];
  showHover(map, next, plane.toScreen(plane.xs[next], plane.ys[next]));
}

function hoverAt(map, place) {
  if (!map.answer) return;
  const found = place ? map.plane.nearest(...place) : -1;
  if (found === map.plane.hovered) return;
  if (found < 0) {
    map.plane.hovered = -1;
    map.hover.hidden = true;
    map.draw();
  } else {
    showHover(map, found, place);
  }
}

const readHovered = debounced(90, async (map, point) => {
  try {
    const found = await item(map.ids[point]);
    if (map.plane.hovered !== point) return;
    const name = itemName(found);
    map.hover.replaceChildren(found.smiles ? drawing(found.smiles, name) : "", h("b", {}, name),
      h("p", { class: "muted small" }, describePoint(map, point)));
    announce(`${name}, ${describePoint(map, point)}`);
  } catch (error) {
    if (!(error instanceof APIProblem)) throw error;
    map.hover.replaceChildren(h("p", { class: "muted small" }, error.words));
  }
});

const describePoint = (map, point) => map.answer.values
  ? `${spelled(map.answer.descriptor)} ${short(map.answer.values[point])}` : `Cluster ${map.clusters[point] + 1}`;

function showHover(map, point, [x, y]) {
  map.plane.hovered = point;
  const { hover, plane } = map;
  hover.hidden = false;
  hover.replaceChildren(h("p", { class: "muted small" }, describePoint(map, point)));
  hover.style.left = `${Math.max(6, Math.min(plane.width - 250, x + 16))}px`;
  hover.style.top = `${y + 230 > plane.height ? Math.max(6, y - 225) : y + 16}px`;
  readHovered(map, point);
  map.draw();
}
