// The API key: kept for this tab only, sent with every request.

let pendingKey;

/// Shows the dialog; the promise gives whether a key was entered. Several callers share one dialog.
function askForKey(reason) {
  pendingKey ??= new Promise((resolve) => {
    const dialog = byID("key");
    if (reason) byID("key-text").textContent = reason;
    byID("key-value").value = "";
    byID("key-forget").hidden = !storedKey();
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      pendingKey = undefined;
      const key = byID("key-value").value.trim();
      byID("key-value").value = "";
      if (dialog.returnValue === "use" && key) {
        try { sessionStorage.setItem("ligature-key", key); } catch { /* Refused by the browser. */ }
        announce("The key is used from now on.");
        resolve(true);
      } else {
        resolve(false);
      }
    }, { once: true });
    dialog.showModal();
  });
  return pendingKey;
}

function startKey() {
  const dialog = byID("key");
  byID("key-open").addEventListener("click", async () => {
    const text = "A key is sent with every request. It stays in this tab and is forgotten when the tab is closed.";
    if (await askForKey(text)) { info(true).catch(() => {}); showRoute(); }
  });
  byID("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.close("use");
  });
  byID("key-close").addEventListener("click", () => dialog.close());
  byID("key-forget").addEventListener("click", () => {
    try { sessionStorage.removeItem("ligature-key"); } catch { /* There is none. */ }
    announce("The key is forgotten.");
    dialog.close();
  });
}
