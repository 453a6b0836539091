// Drawings of molecules.

/// Where the server draws a molecule.
function drawingAddress(smiles, { width = 240, height = 170, smarts } = {}) {
  const query = new URLSearchParams({ smiles, width, height, format: "svg" });
  if (smarts) query.set("smarts", smarts);
  return `/v1/molecules/depict?${query}`;
}

/// A drawing that is fetched when it comes into view; `name` is what the molecule is called.
///
/// An <img> cannot send a key, so with a key the drawing is fetched and shown as a blob.
function drawing(smiles, name, options = {}) {
  const { width = 240, height = 170 } = options;
  const image = h("img", {
    class: "drawing", alt: `Structure of ${name}`, width, height, loading: "lazy", decoding: "async" });
  image.addEventListener("error", () => { image.dataset.failed = ""; });
  const source = drawingAddress(smiles, options);
  if (storedKey()) {
    unseenDrawings.set(image, source);
    drawingWatch.observe(image);
  } else {
    image.src = source;
  }
  return image;
}

const unseenDrawings = new WeakMap();
const drawingWatch = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    drawingWatch.unobserve(target);
    fetchDrawing(target, unseenDrawings.get(target));
  }
}, { rootMargin: "200px" });

async function fetchDrawing(image, source) {
  try {
    const response = await send(source);
    const place = URL.createObjectURL(await response.blob());
    image.addEventListener("load", () => URL.revokeObjectURL(place), { once: true });
    image.src = place;
  } catch {
    image.dataset.failed = "";
  }
}

/// SVG text as an image: nothing in it can run.
function svgImage(svg, alt) {
  return h("img", { class: "drawing", alt, src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}` });
}
