// The results of a search, page by page.

/// Runs a search into `place`; returns when its first page is there.
async function showResults(place, search, signal) {
  const list = h("ol", { class: "results", "aria-label": "Results" });
  const more = h("button", { type: "button", hidden: true }, "More results");
  const trouble = h("div", {});
  const summary = h("h2", { class: "small" });
  const shown = [];
  let cursor = null;
  const report = (error) => { if (error.name !== "AbortError") trouble.replaceChildren(problemNotice(error)); };

  async function page() {
    more.disabled = true;
    const answer = await post("/v1/search", searchRequest(search, { cursor }), { signal });
    const best = (shown[0] ?? answer.results[0])?.score ?? 1;
    const first = shown.length;
    shown.push(...answer.results);
    list.append(...answer.results.map((result) => resultCard(result, best, { search })));
    cursor = answer.cursor;
    more.hidden = !cursor || answer.results.length === 0;
    more.disabled = false;
    const taken = Object.values(answer.milliseconds).reduce((sum, part) => sum + part, 0);
    summary.textContent = `${counted(shown.length, search.target === "texts" ? "text" : "molecule")}${cursor ? ", and more" : ""}`;
    timing.textContent = `${taken.toFixed(1)} ms · ${answer.index ? `${answer.index.kind} index` : search.ranking}`;
    announce(answer.results.length === 0 ? "Nothing was found." : `${summary.textContent} shown.`);
    if (first > 0) {
      list.children[first]?.setAttribute("tabindex", "-1");
      list.children[first]?.focus();
    }
    return answer;
  }

  const timing = h("span", { class: "muted small" });
  more.addEventListener("click", () => { page().catch((error) => { more.disabled = false; report(error); }); });
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await page();
    const chips = searchFilters(search).map(({ words, without }) => h("a", {
      class: "chip", href: address("search", searchParameters(without)) },
      h("span", {}, words), h("span", { class: "cross", "aria-hidden": "true" }, "×"), h("span", { class: "hidden" }, ", remove")));
    place.replaceChildren(
      h("div", { class: "results-head" }, summary, timing, exportButtons(search, () => shown, report)),
      chips.length > 0 ? h("div", { class: "chips", "aria-label": "Filters in use", role: "group" }, chips) : "",
      trouble,
      answer.results.length > 0 ? list : nothingFound(search),
      h("p", { class: "row end more" }, more));
  } catch (error) {
    showProblem(place, error);
  } finally {
    if (!signal.aborted) place.removeAttribute("aria-busy");
  }
}

function nothingFound(search) {
  const filters = searchFilters(search);
  return h("p", { class: "empty" }, filters.length > 0
    ? "Nothing meets these filters. Take one away to see more."
    : search.target === "texts" ? "No corpus here has texts." : "No corpus here has molecules.");
}
