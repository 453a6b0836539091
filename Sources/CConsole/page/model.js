// The model: what it is, how well it ranks, what it has embedded, how its experts are used.

views.model = {
  title: "Model",
  async show(root, parameters, signal) {
    root.append(h("div", { class: "page-head" }, h("h1", {}, "Model")));
    const place = h("div", { class: "stack" }, h("p", { class: "empty" }, "Reading…"));
    root.append(place);
    try {
      const { model, corpora, version } = await info(true);
      const experts = h("section", { class: "panel", "aria-label": "Experts" }, h("h2", {}, "Experts"));
      place.replaceChildren(aboutModel(model, version), h("div", { class: "columns" }, ranking(model.dev), embedded(corpora)), experts);
      showExperts(experts, signal);
    } catch (error) {
      showProblem(place, error);
    }
  },
};

function aboutModel(model, version) {
  return h("section", { class: "panel stack", "aria-label": "About" },
    h("dl", { class: "figures" }, figure("Name", model.name), figure("Dimension", count(model.dimension)),
      figure("MRR, text → molecule", model.dev.text_to_molecule.mrr.toFixed(3)),
      figure("Hits@10, text → molecule", percent(model.dev.text_to_molecule["hits@10"])), figure("Ligature", version)),
    h("p", { class: "row" }, h("span", { class: "muted" }, "Checksum"), h("code", { class: "checksum" }, model.checksum),
      copyButton("Copy", "The checksum", () => model.checksum, { class: "quiet" })));
}

function ranking(dev) {
  const names = [["mrr", "Mean reciprocal rank"], ["hits@1", "Hits@1"], ["hits@5", "Hits@5"], ["hits@10", "Hits@10"],
    ["mean_rank", "Mean rank"], ["median_rank", "Median rank"]];
  const cell = (side, name) => h("td", { class: "number" }, name.startsWith("hits") ? percent(side[name]) : name === "mrr" ? side[name].toFixed(3) : short(side[name]));
  return h("section", { class: "panel", "aria-label": "Ranking" }, h("h2", {}, "How it ranks"), scrolled(h("table", {},
    h("caption", {}, `${counted(dev.queries, "held-out pair")} among ${count(dev.candidates)} candidates, when it was trained`),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Figure"), h("th", { scope: "col", class: "number" }, "Text → molecule"), h("th", { scope: "col", class: "number" }, "Molecule → text"))),
    h("tbody", {}, names.map(([name, words]) => h("tr", {}, h("th", { scope: "row" }, words), cell(dev.text_to_molecule, name), cell(dev.molecule_to_text, name)))))));
}

function embedded(corpora) {
  return h("section", { class: "panel", "aria-label": "Corpora" }, h("h2", {}, "What it has embedded"), scrolled(h("table", {},
    h("thead", {}, h("tr", {}, ["Corpus", "Molecules", "Texts", "Index", "Version"].map((name, place) => h("th", { scope: "col", class: place === 1 || place === 2 || place === 4 ? "number" : "" }, name)))),
    h("tbody", {}, corpora.map((corpus) => h("tr", {}, h("th", { scope: "row" }, h("a", { href: address("map", { corpus: corpus.name }) }, corpus.name)),
      h("td", { class: "number" }, count(corpus.molecules)), h("td", { class: "number" }, count(corpus.texts)),
      h("td", {}, [...new Set(Object.values(corpus.index))].join(", ")), h("td", { class: "number" }, count(corpus.version))))))));
}

async function showExperts(place, signal) {
  try {
    const { layers } = await get("/v1/experts", { signal });
    const used = layers.filter((layer) => layer.experts > 0);
    place.replaceChildren(h("h2", {}, "Experts"), ...used.length === 0
      ? [h("p", { class: "muted" }, "This model has no experts: each modality has one tower.")] : used.map(expertLayer));
  } catch (error) {
    if (error.name === "AbortError") return;
    place.replaceChildren(h("h2", {}, "Experts"), error.status === 404 ? h("p", { class: "muted" }, "This server says nothing about experts.") : problemNotice(error));
  }
}

function expertLayer(layer, number) {
  const heat = layer.heatmap;
  const dead = layer.utilization.filter((share) => share === 0).length;
  return h("section", { class: "stack", "aria-label": `Layer ${number}` },
    h("div", { class: "row between" }, h("h3", {}, `Layer ${number}`), h("span", { class: "muted small" },
      `${counted(layer.experts, "expert")}, ${counted(layer.tokens, "token")}, ${dead === 0 ? "all in use" : `${dead} never used`}, routing entropy ${short(layer.routing_entropy)}`)),
    heat && heat.counts.length > 0 && [heatmap(heat, number), heatLegend(heat)],
    h("details", { class: "fold" }, h("summary", {}, "As a table"), h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Layer ${number} as a table` }, h("table", {},
      h("thead", {}, h("tr", {}, ["Expert", "Share of the work", "Tokens", "Slot with most"].map((name) => h("th", { scope: "col", class: "number" }, name)))),
      h("tbody", {}, layer.utilization.map((share, expert) => {
        const counts = heat?.counts[expert] ?? [];
        const total = counts.reduce((sum, one) => sum + one, 0);
        return h("tr", {}, [expert, percent(share, 2), count(total), total > 0 ? counts.indexOf(Math.max(...counts)) : "–"].map((cell) => h("td", { class: "number" }, String(cell))));
      }))))));
}

const heatShare = (value, most) => most > 0 ? Math.log1p(value) / Math.log1p(most) : 0;

/// Experts across, slots up: how many tokens of each entropy an expert has worked on, on a logarithmic scale.
function heatmap(heat, number) {
  const experts = heat.counts.length;
  const slots = heat.slots;
  const most = Math.max(...heat.counts.flat());
  const canvas = h("canvas", { class: "heat", width: experts, height: slots, role: "img",
    "aria-label": `Heatmap of layer ${number}: ${experts} experts by ${slots} entropy slots; at most ${count(most)} tokens. The table has the numbers.` });
  const context = canvas.getContext("2d");
  const image = context.createImageData(experts, slots);
  for (let expert = 0; expert < experts; expert++) {
    for (let slot = 0; slot < slots; slot++) {
      const place = 4 * ((slots - 1 - slot) * experts + expert);
      image.data.set([...viridisColour(heatShare(heat.counts[expert][slot], most)), 255], place);
    }
  }
  context.putImageData(image, 0, 0);
  canvas.style.height = `${Math.min(260, Math.max(120, slots * 12))}px`;
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const expert = Math.min(experts - 1, Math.floor(experts * (event.clientX - box.left) / box.width));
    const slot = Math.min(slots - 1, Math.floor(slots * (1 - (event.clientY - box.top) / box.height)));
    canvas.title = `Expert ${expert}, slot ${slot}: ${counted(heat.counts[expert][Math.max(0, slot)], "token")}`;
  });
  return canvas;
}

function heatLegend(heat) {
  const scale = h("canvas", { class: "scale", width: 256, height: 1, "aria-hidden": "true" });
  const context = scale.getContext("2d");
  for (let x = 0; x < 256; x++) {
    context.fillStyle = `rgb(${viridisColour(x / 255).join(" ")})`;
    context.fillRect(x, 0, 1, 1);
  }
  return h("div", { class: "heat-legend" }, h("p", { class: "small muted" }, "Across: experts. Up: entropy of the token, sharp to diffuse."), scale,
    h("div", { class: "row between small" }, h("span", {}, "0 tokens"), h("span", {}, `${count(Math.max(...heat.counts.flat()))} tokens`)));
}
