// A search as the address says it, as the form shows it, and as the API takes it.

const searchDefaults = {
  by: "text", q: "", target: "molecules", corpora: [], kind: "", ranges: {}, smarts: "", similar: "",
  tanimoto: 0.5, contains: "", ranking: "embedding", diversity: 0, group: "",
};

function readSearch(parameters) {
  const search = structuredClone(searchDefaults);
  for (const name of ["by", "q", "target", "kind", "smarts", "similar", "contains", "ranking", "group"]) {
    if (parameters.has(name)) search[name] = parameters.get(name);
  }
  for (const name of ["tanimoto", "diversity"]) {
    const value = Number(parameters.get(name));
    if (parameters.has(name) && value >= 0 && value <= 1) search[name] = value;
  }
  search.corpora = parameters.getAll("corpus");
  for (const { name } of descriptors) {
    const match = /^(-?[\d.]*)\.\.(-?[\d.]*)$/.exec(parameters.get(name) ?? "");
    if (!match) continue;
    const [min, max] = match.slice(1).map((text) => text === "" || Number.isNaN(Number(text)) ? null : Number(text));
    if (min !== null || max !== null) search.ranges[name] = [min, max];
  }
  return search;
}

function searchParameters(search) {
  const parameters = new URLSearchParams();
  for (const [name, standard] of Object.entries(searchDefaults)) {
    if (name === "corpora" || name === "ranges" || search[name] === standard) continue;
    if (name === "tanimoto" && !search.similar) continue;
    parameters.set(name, search[name]);
  }
  for (const corpus of search.corpora) parameters.append("corpus", corpus);
  for (const [name, [min, max]] of Object.entries(search.ranges)) parameters.set(name, `${min ?? ""}..${max ?? ""}`);
  return parameters;
}

/// The facets as [{ words, filter, without }]: `without` is the search that lacks this one.
function searchFilters(search) {
  const found = [];
  const add = (words, filter, change) => {
    const without = structuredClone(search);
    change(without);
    found.push({ words, filter, without });
  };
  if (search.corpora.length > 1) {
    add(`corpus: ${search.corpora.join(", ")}`, { or: search.corpora.map((corpus) => ({ corpus })) },
      (rest) => { rest.corpora = []; });
  }
  if (search.kind) add(`kind: ${search.kind}`, { kind: search.kind }, (rest) => { rest.kind = ""; });
  for (const [name, [min, max]] of Object.entries(search.ranges)) {
    const filter = { descriptor: name };
    if (min !== null) filter.min = min;
    if (max !== null) filter.max = max;
    const words = min === null ? `≤ ${max}` : max === null ? `≥ ${min}` : `${min} – ${max}`;
    add(`${spelled(name)} ${words}`, filter, (rest) => { delete rest.ranges[name]; });
  }
  if (search.smarts) add(["has ", h("code", {}, search.smarts)], { substructure: search.smarts }, (rest) => { rest.smarts = ""; });
  if (search.similar) {
    add([`at least ${search.tanimoto} like `, h("code", {}, search.similar)],
      { similar_to: search.similar, tanimoto: search.tanimoto }, (rest) => { rest.similar = ""; });
  }
  if (search.contains) add(`text has “${search.contains}”`, { text_contains: search.contains }, (rest) => { rest.contains = ""; });
  return found;
}

/// The body of POST /v1/search.
function searchRequest(search, { k = 20, cursor } = {}) {
  const request = { [search.by]: search.q, target: search.target, k };
  if (search.corpora.length === 1) request.corpus = search.corpora[0];
  const filters = searchFilters(search).map((one) => one.filter);
  if (filters.length === 1) request.filter = filters[0];
  if (filters.length > 1) request.filter = { and: filters };
  if (search.ranking !== "embedding") request.ranking = search.ranking;
  if (search.diversity > 0) request.diversity = search.diversity;
  if (search.group) request.group_by = search.group;
  if (cursor) request.cursor = cursor;
  return request;
}
