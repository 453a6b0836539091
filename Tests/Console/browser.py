"""A headless Chromium for the console's tests, which keeps what the page should not have done."""

import json
import pathlib

import axe_playwright_python
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

AXE = (pathlib.Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


class Browser:
    def __init__(self, downloads: pathlib.Path) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
            options.add_argument(argument)
        options.add_experimental_option("prefs", {
            "download.default_directory": str(downloads),
            # A person's clicks are apart; these come in a row.
            "profile.default_content_setting_values.automatic_downloads": 1,
        })
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.command("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        self.command("Page.addScriptToEvaluateOnNewDocument", source=(
            "window.violations = [];"
            "document.addEventListener('securitypolicyviolation', (e) => violations.push(e.violatedDirective + ' ' + e.blockedURI));"))
        self.requests: list[str] = []
        self.messages: list[str] = []

    def command(self, name: str, **values: object) -> dict:
        return self.driver.execute_cdp_cmd(name, values)

    def size(self, width: int, height: int, *, dark: bool = False) -> None:
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=1, mobile=width < 600)
        self.command("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def run(self, script: str, *values: object):
        return self.driver.execute_script(script, *values)

    def until(self, script: str, *values: object, seconds: float = 20):
        """What a script returns once it is something."""
        def found(_: object):
            return self.run(f"return ({script})", *values)
        return WebDriverWait(self.driver, seconds, 0.05).until(found, f"never came: {script}")

    def axe(self) -> list[str]:
        """Serious and critical violations of the accessibility rules."""
        answer = self.command("Runtime.evaluate", awaitPromise=True, returnByValue=True, expression=(
            AXE + "; axe.run(document, { resultTypes: ['violations'] }).then((r) => JSON.stringify(r.violations))"))
        return [
            f"{rule['id']} ({rule['impact']}): {node['html'][:200]}"
            for rule in json.loads(answer["result"]["value"]) if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]

    def collect(self) -> None:
        """Takes over what the browser has logged since the last call."""
        for entry in self.driver.get_log("browser"):
            self.messages.append(f"{entry['level']} {entry['message']}")
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self.requests.append(message["params"]["request"]["url"])

    def close(self) -> None:
        self.driver.quit()
