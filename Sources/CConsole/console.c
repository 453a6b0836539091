#include "CConsole.h"

// The files themselves: #embed, C23 §6.10.4.
static const unsigned char page[] = {
#embed "page/console.html"
};

static const unsigned char style[] = {
#embed "page/console.css"
};

static const unsigned char script[] = {
#embed "page/dom.js"
,
#embed "page/format.js"
,
#embed "page/theme.js"
,
#embed "page/api.js"
,
#embed "page/key.js"
,
#embed "page/route.js"
,
#embed "page/drawing.js"
,
#embed "page/query.js"
,
#embed "page/facets.js"
,
#embed "page/card.js"
,
#embed "page/explain.js"
,
#embed "page/export.js"
,
#embed "page/compare.js"
,
#embed "page/results.js"
,
#embed "page/search.js"
,
#embed "page/plane.js"
,
#embed "page/map.js"
,
#embed "page/map-input.js"
,
#embed "page/map-selection.js"
,
#embed "page/upload.js"
,
#embed "page/jobs.js"
,
#embed "page/model.js"
,
#embed "page/metrics.js"
,
#embed "page/charts.js"
,
#embed "page/troubles.js"
,
#embed "page/health.js"
,
#embed "page/main.js"
};

struct lig_console_source lig_console_page(void) {
  return (struct lig_console_source){page, sizeof page};
}

struct lig_console_source lig_console_style(void) {
  return (struct lig_console_source){style, sizeof style};
}

struct lig_console_source lig_console_script(void) {
  return (struct lig_console_source){script, sizeof script};
}
