// Why a result matched: which atoms and which words carried its score (POST /v1/explain).

async function toggleWhy(button, result, search) {
  const card = button.closest(".card");
  const open = card.querySelector(".why");
  if (open) {
    open.remove();
    button.setAttribute("aria-expanded", "false");
    return;
  }
  const place = h("div", { class: "why", role: "region", "aria-label": `Why ${itemName(result)} matched`, "aria-busy": "true" },
    h("p", { class: "muted" }, "Looking for what carried the score…"));
  card.append(place);
  button.setAttribute("aria-expanded", "true");
  const query = { [search.by]: search.q };
  const target = search.target === "texts" ? { text: result.text } : { smiles: result.smiles };
  try {
    const answer = await post("/v1/explain", { query, target });
    place.replaceChildren(...explanation(answer, query, target, result));
    announce("The explanation is shown.");
  } catch (error) {
    showProblem(place, error);
  }
  place.removeAttribute("aria-busy");
}

function explanation(answer, query, target, result) {
  const drawn = target.smiles ? "target" : "query";
  const strongest = answer.atoms.filter((atom) => atom.side === drawn)
    .sort((a, b) => b.weight - a.weight).filter((atom) => atom.weight > 0).slice(0, 5);
  const texts = [["query", "Words of the question", query.text], ["target", "Words of the text", target.text]].filter(([, , text]) => text);
  return [
    answer.svg ? svgImage(answer.svg, `Structure of ${drawn === "target" ? itemName(result) : "the question"}, atoms coloured by what they add to the score`) : h("div", {}),
    h("div", { class: "stack" },
      texts.map(([side, title, text]) => h("div", {}, h("h4", {}, title), highlighted(text, answer.words.filter((word) => word.side === side)))),
      strongest.length > 0 && h("p", { class: "small muted" }, "Atoms that add most, counted from 0 in the SMILES: ",
        strongest.map((atom) => `${atom.index} (${signed(atom.weight)})`).join(", ")),
      h("p", { class: "legend" },
        h("span", {}, h("mark", { dataset: { sign: "plus", weight: "2" } }, "adds"), " to the score"),
        h("span", {}, h("mark", { dataset: { sign: "minus", weight: "2" } }, "takes"), " from it"),
        h("span", {}, `Score ${short(answer.score)}`),
        answer.baseline !== null && h("span", {}, `${short(answer.baseline)} without any part`)))];
}

const signed = (number) => (number > 0 ? "+" : "") + short(number);

/// Text with marks; `words` have UTF-8 byte ranges.
function highlighted(text, words) {
  const encoded = new TextEncoder().encode(text);
  const decoder = new TextDecoder();
  const largest = Math.max(1e-9, ...words.map((word) => Math.abs(word.weight)));
  const parts = [];
  let done = 0;
  for (const word of [...words].sort((a, b) => a.start - b.start)) {
    if (word.start < done || word.end > encoded.length) continue;
    parts.push(decoder.decode(encoded.subarray(done, word.start)));
    const level = Math.ceil(3 * Math.abs(word.weight) / largest);
    const piece = decoder.decode(encoded.subarray(word.start, word.end));
    parts.push(Math.abs(word.weight) < 0.08 * largest ? piece
      : h("mark", { dataset: { sign: word.weight > 0 ? "plus" : "minus", weight: level }, title: signed(word.weight) }, piece));
    done = word.end;
  }
  parts.push(decoder.decode(encoded.subarray(done)));
  return h("p", { class: "said" }, parts);
}
