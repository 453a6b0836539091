// The start.

startTheme();
startKey();
startRoutes();
info().catch((error) => { if (error.status) serverIs("bad", error.words); });
setInterval(() => {
  if (document.visibilityState === "visible") info(true).catch((error) => { if (error.status) serverIs("bad", error.words); });
}, 30_000);
