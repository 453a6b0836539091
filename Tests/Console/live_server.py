"""A real server with a database of its own and a corpus, stopped and removed at the end."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = ROOT / "data/models/ligature-chebi"


class LiveServer:
    def __init__(self, program: str) -> None:
        # The socket's path must be short, and the database's user must be able to go there.
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="lig-console-", dir="/tmp"))
        self.home.chmod(0o755)
        self.program = program
        self.environment = {k: v for k, v in os.environ.items() if k != "LIGATURE_DATABASE"}
        self.environment["LIGATURE_HOME"] = str(self.home)
        self.process: subprocess.Popen | None = None
        self.address = ""

    def ligature(self, *arguments: str) -> str:
        return subprocess.run([self.program, *arguments], env=self.environment, check=True,
                              capture_output=True, text=True).stdout

    def start(self) -> "LiveServer":
        self.ligature("db", "start")
        self.ligature("index", "--model", str(MODEL), "--corpus", str(ROOT / "data/compounds.tsv"),
                      "--name", "compounds")
        self.process, self.address = self.serve()
        return self

    def serve(self, *arguments: str) -> tuple[subprocess.Popen, str]:
        """A process on a free port, once it is ready, and its address."""
        log = self.home / "serve.log"
        with log.open("w") as errors:
            process = subprocess.Popen(
                [self.program, "serve", "--model", str(MODEL), "--port", "0", *arguments],
                env=self.environment, stdout=subprocess.PIPE, stderr=errors, text=True)
        with process.stdout as output:
            line = output.readline()
        address = re.search(r"http://\S+", line).group().rstrip("/")
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/readyz").close()
                return process, address
            except OSError:
                if process.poll() is not None:
                    break
                time.sleep(0.05)
        process.terminate()
        raise RuntimeError(log.read_text())

    def get(self, path: str):
        with urllib.request.urlopen(self.address + path) as response:
            return json.load(response)

    def send(self, method: str, path: str, value: object = None):
        body = None if value is None else json.dumps(value).encode()
        request = urllib.request.Request(
            self.address + path, body, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    def post(self, path: str, value: object):
        return self.send("POST", path, value)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(30)
        subprocess.run([self.program, "db", "stop"], env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.home, ignore_errors=True)
