// What is shown is what the address says: "#search?by=text&q=…". Going back is going back.

/// By name: { title, show(root, parameters, signal) }, and update(parameters) for a view that can change
/// without being made anew.
const views = {};
let shownView;
let shownRun;
let shownAddress;

function readAddress() {
  const [view, query = ""] = location.hash.slice(1).split(/\?(.*)/s);
  return { view: views[view] ? view : "search", parameters: new URLSearchParams(query) };
}

const address = (view, parameters) => {
  const query = new URLSearchParams(parameters).toString();
  return `#${view}${query ? `?${query}` : ""}`;
};

/// Goes to a view; with `replaces` the step before is not kept.
function go(view, parameters, { replaces = false, silently = false } = {}) {
  const target = address(view, parameters);
  if (target === location.hash && !silently) return showRoute();
  if (replaces) history.replaceState(null, "", target);
  else history.pushState(null, "", target);
  if (silently) shownAddress = location.hash;
  else showRoute();
}

function showRoute() {
  const { view, parameters } = readAddress();
  const isFirst = shownView === undefined;
  shownAddress = location.hash;
  for (const link of document.querySelectorAll(".views a")) {
    if (link.dataset.view === (view === "compare" ? "search" : view)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${views[view].title} – Ligature`;
  if (view === shownView && views[view].update) {
    views[view].update(parameters);
    return;
  }
  shownRun?.abort();
  shownRun = new AbortController();
  shownView = view;
  const main = byID("main");
  main.replaceChildren();
  views[view].show(main, parameters, shownRun.signal);
  if (!isFirst) {
    scrollTo(0, 0);
    main.setAttribute("aria-label", views[view].title);
    main.focus({ preventScroll: true });
    announce(views[view].title);
  }
}

function startRoutes() {
  addEventListener("hashchange", () => { if (location.hash !== shownAddress) showRoute(); });
  addEventListener("popstate", () => { if (location.hash !== shownAddress) showRoute(); });
  byID("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byID("main").focus();
  });
  showRoute();
}

/// Shows what went wrong in place of what was wanted; a request that was given up is not wrong.
function showProblem(root, error) {
  if (error.name === "AbortError") return;
  root.replaceChildren(problemNotice(error));
}
