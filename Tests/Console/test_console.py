"""The console in a real browser, against a real server (scripts/console-test)."""

import csv
import io
import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest
import urllib.parse

import numpy
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from browser import Browser
from live_server import ROOT, LiveServer

QUESTION = "selective beta-1 blocker for hypertension"
ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"
VIEWS = ["search", f"search?q={urllib.parse.quote(QUESTION)}", "map", "upload", "model", "health"]


class ConsoleTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = LiveServer(os.environ["LIGATURE"])
        cls.addClassCleanup(cls.server.stop)
        cls.server.start()
        cls.downloads = pathlib.Path(tempfile.mkdtemp(prefix="lig-downloads-"))
        cls.browser = Browser(cls.downloads)
        cls.addClassCleanup(cls.browser.close)

    def setUp(self) -> None:
        self.browser.size(1280, 900)

    def tearDown(self) -> None:
        """Whatever a test does, the page breaks no policy, asks nobody else and logs no error."""
        browser = self.browser
        violations = browser.run("return window.violations")
        browser.driver.get("about:blank")
        browser.collect()
        requests, messages = browser.requests, browser.messages
        browser.requests, browser.messages = [], []
        own = tuple(f"{scheme}{self.server.address}" for scheme in ("", "blob:"))
        expected = getattr(self, "expected_message", None)
        self.assertEqual(violations, [])
        self.assertEqual([url for url in requests if not url.startswith((*own, "data:", "about:", "chrome:"))], [])
        self.assertEqual([text for text in messages if not expected or expected not in text], [])

    def open(self, fragment: str) -> None:
        self.browser.driver.get("about:blank")
        self.browser.driver.get(f"{self.server.address}/#{fragment}")

    def find(self, selector: str):
        self.browser.until("document.querySelector(arguments[0])", selector)
        return self.browser.driver.find_element("css selector", selector)

    def search(self, q: str = QUESTION, **parameters: object) -> None:
        self.open("search?" + urllib.parse.urlencode({"q": q, **parameters}))
        self.browser.until("document.querySelector('.results .card')")

    def ids(self) -> list[int]:
        return [int(one) for one in self.browser.run("return [...document.querySelectorAll('.card')].map((c) => c.dataset.id)")]

    def test_search_shows_what_the_api_finds_with_drawings(self) -> None:
        self.search()
        found = self.server.post("/v1/search", {"text": QUESTION, "k": 20})["results"]
        self.assertEqual(self.ids(), [one["id"] for one in found])
        first = self.find(".card img")
        self.browser.until("document.querySelector('.card img')?.naturalWidth > 0")
        self.assertIn(found[0]["properties"]["name"], first.get_attribute("alt"))
        self.assertIn(f"{found[0]['score']:.3f}".replace("-", "−"), self.find(".card .score").text)
        self.find(".more button").click()
        self.browser.until("document.querySelectorAll('.card').length === 40")
        more = self.server.post("/v1/search", {"text": QUESTION, "k": 40})["results"]
        self.assertEqual(self.ids(), [one["id"] for one in more])

    def test_facets_become_filters_and_the_address_tells_them(self) -> None:
        self.search()
        box = self.find("[aria-label='Most Molecular weight']")
        box.send_keys("300", Keys.TAB)
        self.browser.until("location.hash.includes('molecular_weight=..300')")
        smarts = self.browser.run("return [...document.querySelectorAll('.facets label')].find((l) => l.textContent.includes('SMARTS')).control.id")
        self.find(f"#{smarts}").send_keys("OCC(O)CN", Keys.TAB)
        self.browser.until("document.querySelectorAll('.chips .chip').length === 2 && document.querySelector('.card')")
        expected = self.server.post("/v1/search", {"text": QUESTION, "k": 20, "filter": {"and": [
            {"descriptor": "molecular_weight", "max": 300}, {"substructure": "OCC(O)CN"}]}})["results"]
        self.assertEqual(self.ids(), [one["id"] for one in expected])
        self.assertGreater(len(expected), 0)
        self.browser.driver.refresh()
        self.browser.until("document.querySelectorAll('.card').length === arguments[0]", len(expected))
        self.find(".chips .chip").click()
        self.browser.until("document.querySelectorAll('.chips .chip').length === 1")
        self.browser.driver.back()
        self.browser.until("document.querySelectorAll('.chips .chip').length === 2")

    def test_the_command_of_copy_as_curl_finds_the_same(self) -> None:
        self.search("what's a β-blocker", molecular_weight="200..400", corpus="compounds")
        self.browser.until("[...document.querySelectorAll('button')].some((b) => b.textContent === 'Copy as curl')")
        shown = self.ids()
        self.browser.run("[...document.querySelectorAll('button')].find((b) => b.textContent === 'Copy as curl').click()")
        self.browser.until("[...document.querySelectorAll('button')].some((b) => b.textContent === 'Copied')")
        command = self.browser.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
        answer = json.loads(subprocess.run(["bash", "-c", command], capture_output=True, check=True, text=True).stdout)
        self.assertEqual([one["id"] for one in answer["results"]], shown)

    def test_what_is_shown_is_exported(self) -> None:
        self.search()
        self.find(".results-head button")
        results = self.server.post("/v1/search", {"text": QUESTION, "k": 20})["results"]
        for file in self.downloads.glob("ligature-results.*"):
            file.unlink()
        for name in ("CSV", "SDF"):
            self.browser.run("return [...document.querySelectorAll('button')].find((b) => b.textContent === arguments[0])", name).click()
        files = [self.downloads / f"ligature-results.{ending}" for ending in ("csv", "sdf")]
        deadline = time.monotonic() + 10
        while not all(file.exists() for file in files) and time.monotonic() < deadline:
            time.sleep(0.05)
        rows = list(csv.DictReader(io.StringIO(files[0].read_text(), newline="")))
        self.assertEqual([row["smiles"] for row in rows], [one["smiles"] for one in results])
        self.assertEqual([row["text"] for row in rows], [one["text"] for one in results])
        records = files[1].read_text().split("$$$$\n")[:-1]
        self.assertEqual([record.split("\n")[0] for record in records], [one["properties"]["name"] for one in results])
        self.assertIn(results[0]["source_id"], records[0])

    def test_exported_texts_are_no_formulas(self) -> None:
        path = "/v1/corpora/formulas"
        self.server.send("PUT", f"{path}/items/a", {
            "smiles": "CCO", "text": "=1+1", "properties": {"note": "@x", "charge": "-1"}})
        self.addCleanup(self.server.send, "DELETE", path)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if any(one["name"] == "formulas" for one in self.server.get("/v1/info")["corpora"]):
                break
            time.sleep(0.05)
        file = self.downloads / "ligature-results.csv"
        file.unlink(missing_ok=True)
        self.search(corpus="formulas")
        self.browser.until("[...document.querySelectorAll('button')].find((b) => b.textContent === 'CSV')").click()
        while not file.exists() and time.monotonic() < deadline + 10:
            time.sleep(0.05)
        row = next(csv.DictReader(io.StringIO(file.read_text(), newline="")))
        self.assertEqual([row[name] for name in ("smiles", "text", "note", "charge")], ["CCO", "'=1+1", "'@x", "-1"])

    def test_why_it_matched_marks_words_and_atoms(self) -> None:
        self.search()
        self.browser.run("document.querySelector('.card [aria-expanded]').click()")
        self.browser.until("document.querySelector('.why .said')")
        self.assertEqual(self.find(".why .said").text, QUESTION)
        self.assertGreater(self.browser.run("return document.querySelectorAll('.why mark[data-weight]').length"), 2)
        self.browser.until("document.querySelector('.why img')?.naturalWidth > 0")

    def test_two_molecules_are_compared(self) -> None:
        self.search()
        results = self.server.post("/v1/search", {"text": QUESTION, "k": 20})["results"]
        for place in (0, 2):
            self.browser.run("document.querySelectorAll('[data-compare]')[arguments[0]].click()", place)
        self.find("#tray .primary").click()
        self.browser.until("document.querySelector('.differs')")
        score = self.server.post("/v1/similarity", {"pairs": [
            {"left": {"smiles": results[0]["smiles"]}, "right": {"smiles": results[2]["smiles"]}}]})["scores"][0]
        self.assertIn(f"{score:.3f}", self.find(".page-head").text)
        for place in (0, 2):
            self.assertIn(results[place]["properties"]["formula"], self.find("table").text)

    def test_a_molfile_is_dropped_and_pasted(self) -> None:
        request = json.dumps({"molecules": [{"smiles": ASPIRIN, "name": "aspirin"}]})
        molfile = subprocess.run(
            ["curl", "-fsS", f"{self.server.address}/v1/molecules/sdf", "-H", "Content-Type: application/json", "-d", request],
            capture_output=True, check=True, text=True).stdout
        for event, member in (("DragEvent", "dataTransfer"), ("ClipboardEvent", "clipboardData")):
            self.open("search")
            self.find("#question")
            self.browser.run(
                "const data = new DataTransfer(); data.setData('text/plain', arguments[0]);"
                "document.querySelector('#question').dispatchEvent(new window[arguments[1]](arguments[1] === 'DragEvent' ? 'drop' : 'paste',"
                "{ [arguments[2]]: data, bubbles: true, cancelable: true }));", molfile, event, member)
            self.browser.until("document.querySelector('.card')")
            self.assertEqual(self.find("#question").get_attribute("value"), ASPIRIN)

    def test_a_mistake_is_named_with_its_place(self) -> None:
        self.expected_message = "422"
        self.open("search?by=smiles&q=CC(C")
        self.assertRegex(self.find("[role=alert]").text, r"smiles at byte 2")

    def test_everything_can_be_done_from_the_keyboard(self) -> None:
        self.open("search")
        self.find("#question")
        keys = ActionChains(self.browser.driver)
        active = "return document.activeElement.id || document.activeElement.textContent.trim()"
        keys.send_keys(Keys.TAB).perform()
        self.assertEqual(self.browser.run(active), "skip")
        keys.reset_actions()
        keys.send_keys(Keys.ENTER, "/").send_keys(QUESTION).send_keys(Keys.ENTER).perform()
        self.browser.until("document.querySelector('.card')")
        self.assertEqual(self.browser.run(active), "question")
        for _ in range(120):
            keys.reset_actions()
            keys.send_keys(Keys.TAB).perform()
            self.assertTrue(self.browser.run(
                "const s = getComputedStyle(document.activeElement), p = getComputedStyle(document.activeElement.parentElement);"
                "return document.activeElement === document.body || s.outlineStyle !== 'none' || s.opacity === '0'"),
                self.browser.run("return document.activeElement.outerHTML"))
            if self.browser.run(active) == "Why this matched":
                break
        keys.reset_actions()
        keys.send_keys(Keys.ENTER).perform()
        self.browser.until("document.querySelector('.why .said')")
        self.assertEqual(self.browser.run("return document.activeElement.getAttribute('aria-expanded')"), "true")

    def test_the_map_shows_principal_components_and_selects_by_lasso(self) -> None:
        shown = self.server.get("/v1/corpora/compounds/map?points=50000&descriptor=logp")
        items = [self.server.get(f"/v1/items/{point[0]}") for point in shown["points"]]
        vectors = []
        for start in range(0, len(items), 256):
            answer = self.server.post("/v1/embeddings", {
                "input": [one["smiles"] for one in items[start:start + 256]], "input_type": "molecule"})
            vectors += [one["embedding"] for one in answer["data"]]
        centered = numpy.array(vectors) - numpy.mean(vectors, axis=0)
        _, values, axes = numpy.linalg.svd(centered, full_matrices=False)
        points = numpy.array([point[1:3] for point in shown["points"]])
        for axis in (0, 1):
            expected = centered @ axes[axis]
            sign = numpy.sign(expected @ points[:, axis])
            self.assertLess(numpy.abs(points[:, axis] - sign * expected).max(), 2e-3)
            self.assertAlmostEqual(shown["variance"][axis], values[axis] ** 2 / (values ** 2).sum(), places=3)

        self.open("map?corpus=compounds")
        canvas = self.find("canvas[data-points]")
        self.assertEqual(int(canvas.get_attribute("data-points")), len(items))
        self.browser.run("[...document.querySelectorAll('.plane-tools button')].find((b) => b.textContent === 'Lasso').click()")
        corners = [(-150, -120), (150, -120), (150, 120), (-150, 120), (-150, -110)]
        chain = ActionChains(self.browser.driver, duration=20).move_to_element_with_offset(canvas, *corners[0]).click_and_hold()
        for corner in corners[1:]:
            chain.move_to_element_with_offset(canvas, *corner)
        chain.release().perform()
        self.browser.until("document.querySelectorAll('.picked img').length > 0")
        lasso = numpy.array([[float(n) for n in pair.split(",")] for pair in urllib.parse.unquote(
            self.browser.run("return location.hash")).split("lasso=")[1].split("&")[0].split(";")])
        low, high = lasso.min(axis=0), lasso.max(axis=0)
        inside = int(((points > low) & (points < high)).all(axis=1).sum())
        selected = int(self.browser.run("return document.querySelector('[aria-label=\"Selected molecules\"] h2').textContent.match(/\\d+/)[0]"))
        self.assertAlmostEqual(selected, inside, delta=0.03 * inside + 2)
        self.browser.driver.refresh()
        self.browser.until("document.querySelector('[aria-label=\"Selected molecules\"] h2')?.textContent.startsWith(arguments[0])", f"{selected} ")

    def test_the_map_answers_to_keys(self) -> None:
        self.open("map?corpus=compounds&colour=logp")
        canvas = self.find("canvas[data-points]")
        self.browser.run("arguments[0].focus()", canvas)
        ActionChains(self.browser.driver).send_keys("+", "+", Keys.ARROW_LEFT, "n").perform()
        self.browser.until("document.querySelector('.hover img')")
        self.browser.until("location.hash.includes('at=')")
        ActionChains(self.browser.driver).send_keys(Keys.ENTER).perform()
        self.browser.until("document.querySelector('.picked li')")

    def test_thirty_thousand_points_are_drawn_within_a_frame(self) -> None:
        made = self.browser.command("Page.addScriptToEvaluateOnNewDocument", source="""
            const ask = window.fetch;
            window.fetch = async (path, options) => {
              if (!String(path).includes('/map?')) return ask(path, options);
              const points = Array.from({ length: 30_000 }, (_, i) => [i + 1, Math.sin(i) * Math.sqrt(i), Math.cos(i) * Math.sqrt(i), i % 12]);
              const clusters = Array.from({ length: 12 }, () => ({ size: 2500, center: 1 }));
              return new Response(JSON.stringify({ corpus: 'compounds', version: 1, dimension: 2, molecules: 30_000, variance: [0.1, 0.1], clusters, points }));
            };""")
        try:
            self.open("map?corpus=compounds")
            self.find("canvas[data-points='30000']")
            milliseconds = self.browser.driver.execute_async_script("""
                const done = arguments[0], canvas = document.querySelector('canvas[data-points]'), times = [];
                (function step() {
                  const [clientX, clientY] = [400, 400];
                  canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: times.length % 2 ? 40 : -40, clientX, clientY, cancelable: true }));
                  requestAnimationFrame(() => setTimeout(() => {
                    times.push(Number(canvas.dataset.milliseconds));
                    if (times.length < 40) step(); else done(Math.min(...times.slice(10)));
                  }));
                })();""")
        finally:
            self.browser.command("Page.removeScriptToEvaluateOnNewDocument", identifier=made["identifier"])
        # The best of 30: on a machine with other work, a frame may wait for the processor.
        self.assertLess(milliseconds, 1000 / 60)

    def test_a_corpus_is_uploaded_and_its_job_followed(self) -> None:
        lines = (ROOT / "data/compounds.tsv").read_text().splitlines()
        file = self.downloads / "my-library.tsv"
        file.write_text("\n".join([*lines[:201], "BAD1\tbroken\tC1CC(\tC\tA ring that is not closed."]) + "\n")
        self.open("upload")
        self.find("#file").send_keys(str(file))
        self.assertIn("propranolol", self.find(".preview table").text)
        self.assertEqual(self.find("#corpus-name").get_attribute("value"), "my-library")
        self.find("form .primary").click()
        self.browser.until("[...document.querySelectorAll('.job[data-state=done]')].some((j) => j.textContent.startsWith('my-library'))", seconds=60)
        job = self.server.get("/v1/jobs")["jobs"][0]
        self.assertEqual((job["corpus"], job["rows"], job["rejects"]), ("my-library", 200, 1))
        text = self.find(".job").text
        self.assertIn("200 rows", text)
        self.assertIn("1 reject", text)
        self.browser.run("[...document.querySelectorAll('.job button')].find((b) => b.textContent === 'Show rejects').click()")
        self.browser.until("document.querySelector('.job table')")
        self.assertIn("202", self.find(".job table").text)
        self.search(corpus="my-library")
        self.assertEqual(len(self.ids()), 20)

    def test_every_view_is_accessible_in_light_and_dark(self) -> None:
        for dark in (False, True):
            self.browser.size(1280, 900, dark=dark)
            for view in VIEWS:
                with self.subTest(view=view, dark=dark):
                    self.show(view)
                    self.assertEqual(self.browser.run("return document.documentElement.dataset.theme"), "dark" if dark else "light")
                    self.assertEqual(self.browser.axe(), [])

    def test_every_view_fits_a_phone(self) -> None:
        self.browser.size(360, 760)
        for view in VIEWS:
            with self.subTest(view=view):
                self.show(view)
                self.assertLessEqual(self.browser.run("return document.documentElement.scrollWidth"), 360)
                self.assertEqual(self.browser.axe(), [])

    def test_a_server_that_asks_for_a_key_gets_it(self) -> None:
        key = self.server.ligature("keys", "create", "--name", "console", "--scope", "read").strip()
        process, address = self.server.serve("--keys")
        open_address, self.server.address = self.server.address, address
        self.expected_message = "401"
        try:
            self.open(f"search?q={urllib.parse.quote(QUESTION)}")
            self.browser.until("document.querySelector('#key')?.open")
            self.find("#key-value").send_keys(key, Keys.ENTER)
            self.browser.until("document.querySelector('.card img')?.naturalWidth > 0")
            self.assertTrue(self.find(".card img").get_attribute("src").startswith("blob:"))
        finally:
            process.terminate()
            process.wait(30)
            self.tearDown()
            self.server.address = open_address

    def test_the_switch_overrules_the_system(self) -> None:
        self.open("search")
        self.find("#theme").click()
        self.find("#theme").click()
        self.assertEqual(self.browser.run("return document.documentElement.dataset.theme"), "dark")
        self.browser.driver.refresh()
        self.browser.until("document.documentElement.dataset.theme === 'dark'")
        self.browser.run("localStorage.clear()")

    def test_model_and_health_say_what_the_server_says(self) -> None:
        info = self.server.get("/v1/info")
        self.open("model")
        self.browser.until("document.querySelector('.checksum')")
        self.assertEqual(self.find(".checksum").text, info["model"]["checksum"])
        self.assertIn(f"{info['model']['dev']['text_to_molecule']['mrr']:.3f}", self.find("table").text)
        self.open("health")
        self.browser.until("document.querySelector('[aria-label=Verdict] .notice')")
        # How long a search takes is the machine's business: a busy one may be told of it.
        said = [line for line in self.find("[aria-label=Verdict]").text.splitlines()
                if not line.startswith("One search in a hundred takes longer") and "to look at" not in line]
        self.assertIn(said, ([], ["Everything is as it should be."]))
        self.assertIn("compounds", self.find("[aria-label=Indexes]").text)

    def show(self, view: str) -> None:
        self.open(view)
        waits = {"search": "document.querySelector('#question')", "map": "document.querySelector('canvas[data-points]')",
                 "upload": "document.querySelector('#file')", "model": "document.querySelector('.checksum')",
                 "health": "document.querySelector('[aria-label=Verdict] .notice')"}
        self.browser.until("document.querySelector('.card')" if "q=" in view else waits[view])


if __name__ == "__main__":
    unittest.main(verbosity=2)
