"""A `ligature serve` with a database and a corpus of its own, for checks and measurements."""
import os
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHIPPED_MODEL = ROOT / "data/models/ligature-chebi"
CORPUS = ROOT / "data/compounds.tsv"
sys.path.insert(0, str(ROOT / "clients/python"))


def program():
    """The release build, or the debug build where there is none, or $LIGATURE."""
    if os.environ.get("LIGATURE"):
        return os.environ["LIGATURE"]
    for build in ("release", "debug"):
        path = ROOT / ".build" / build / "ligature"
        if path.exists():
            return str(path)
    sys.exit("no build of ligature: swift build -c release --product ligature")


class Service:
    """A server on loopback; everything it makes is in its work folder.

    As a context it is prepared, serves, and leaves nothing behind that runs.
    """

    def __init__(self, work, model=SHIPPED_MODEL, corpus=CORPUS, flags=(), fresh=True):
        self.ligature, self.model, self.corpus = program(), pathlib.Path(model), corpus
        self.work, self.flags, self.server, self.address = pathlib.Path(work).resolve(), flags, None, None
        if fresh and self.work.exists():
            self.run("db", "stop", check=False)
            shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True, exist_ok=True)

    @property
    def environment(self):
        environment = {**os.environ, "LIGATURE_HOME": str(self.work), "SWIFT_BACKTRACE": "enable=no"}
        environment.pop("LIGATURE_DATABASE", None)
        return environment

    def run(self, *words, check=True):
        done = subprocess.run(
            [self.ligature, *map(str, words)], env=self.environment, text=True, cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if check and done.returncode:
            sys.exit(f"ligature {words[0]} exited with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    def prepare(self):
        """Starts the database and indexes the corpus as `compounds`."""
        self.run("db", "start")
        self.run(
            "index", "--model", self.model, "--corpus", self.corpus, "--name", "compounds",
            "--rejects", self.work / "rejects.tsv")

    def command(self, *flags, port=0):
        return [
            self.ligature, "serve", "--model", str(self.model), "--port", str(port),
            *self.flags, *flags]

    def serve(self, *flags, port=0, environment=None, prefix=(), **options):
        """Starts a server and waits until it is ready; returns the seconds that took."""
        start = time.monotonic()
        with open(self.work / "serve.log", "a") as log:
            self.server = subprocess.Popen(
                [*prefix, *self.command(*flags, port=port)], cwd=ROOT, text=True,
                env={**self.environment, **(environment or {})}, stdout=subprocess.PIPE, stderr=log,
                **options)
        line = self.server.stdout.readline()
        if not line.startswith("listening on "):
            sys.exit(f"the server ended: {(self.work / 'serve.log').read_text()[-2000:]}")
        self.address = line.split()[-1]
        self.wait_until_ready()
        return time.monotonic() - start

    @property
    def port(self):
        return int(self.address.rsplit(":", 1)[1])

    def is_ready(self):
        try:
            with urllib.request.urlopen(self.address + "/readyz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def wait_until_ready(self, seconds=120):
        end = time.monotonic() + seconds
        while not self.is_ready():
            if self.server.poll() is not None or time.monotonic() > end:
                sys.exit(f"not ready: {(self.work / 'serve.log').read_text()[-2000:]}")
            time.sleep(0.02)

    def resident_bytes(self):
        for line in pathlib.Path(f"/proc/{self.server.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0

    def stop(self):
        if self.server and self.server.poll() is None:
            self.server.terminate()
            try:
                self.server.wait(40)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        self.server = None

    def __enter__(self):
        try:
            self.prepare()
            self.serve()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        self.run("db", "stop", check=False)


def small_model(work, backbone=False):
    """A model trained in seconds on the first rows of the corpus; with a backbone of experts if asked."""
    import json

    folder = pathlib.Path(work)
    folder.mkdir(parents=True, exist_ok=True)
    lines = CORPUS.read_text().splitlines()[:121]
    pairs = folder / "pairs.tsv"
    pairs.write_text("\n".join(lines) + "\n")
    settings = {
        "moleculeView": {"components": 32, "minimumDocumentFrequency": 1},
        "structureView": {"components": 16, "minimumDocumentFrequency": 1},
        "textView": {"components": 32, "minimumDocumentFrequency": 1},
        "ridge": {"isEnabled": False}, "hiddenWidth": 32, "outputWidth": 32, "batchSize": 32,
        "epochs": 1,
    }
    if backbone:
        settings["graphView"] = {"isEnabled": True}
        settings["backbone"] = {"isEnabled": True}
    (folder / "config.json").write_text(json.dumps(settings))
    model = folder / "small"
    if not model.exists():
        subprocess.run(
            [program(), "train", "--pairs", pairs, "--dev", pairs, "--pool", pairs, "--config",
             folder / "config.json", "--out", model],
            check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return model
