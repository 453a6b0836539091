#!/usr/bin/env python3
"""Sends broken HTTP to a running `ligature serve` over raw sockets and sees what becomes of it.

  Benchmarks/http-fuzz.py [--seconds 60] [--seed 1] [--program PATH] [--leaks]

Whole requests of several routes are mutated: cut off, bytes changed, lines doubled or left out,
lengths that lie, chunks with bad sizes, bad UTF-8, too long lines, pipelines, slow bytes, resets. Every
connection must be answered or closed within 15 s, no answer may be 500, and afterwards the
server must answer as before, with no more open descriptors and its memory flat.

With --leaks the program is one built with `swift build --sanitize=address --scratch-path .build/asan`: what
it says at its end is printed, and makes the exit code 1 (leaks.supp names what it takes for leaks). Exit codes: 0 all well, 1 not.
"""
import argparse
import errno
import json
import os
import random
import re
import socket
import struct
import sys
import threading
import time
import urllib.parse
import urllib.request

from service_process import ROOT, Service, small_model

WORK = ROOT / ".ligature/http-fuzz"
BODIES = [
    ("POST", "/v1/search", "application/json", b'{"text": "beta blocker", "k": 3}'),
    ("POST", "/v1/embeddings", "application/json", b'{"input": ["aspirin", "opioid"]}'),
    ("POST", "/v1/molecules/describe", "application/json", b'{"smiles": "CC(=O)Oc1ccccc1C(=O)O"}'),
    ("PUT", "/v1/corpora/compounds/items/fuzz", "application/json", b'{"text": "a text"}'),
    ("POST", "/v1/corpora/compounds/items", "application/x-ndjson",
     b'{"source_id": "a", "text": "x"}\n{"source_id": "b", "smiles": "CC"}\n'),
    ("GET", "/v1/info", None, b""), ("GET", "/metrics", None, b""), ("GET", "/livez", None, b""),
    ("GET", "/v1/molecules/depict?smiles=CCO&format=svg", None, b""), ("OPTIONS", "/v1/search", None, b""),
]


def request(chance):
    method, path, media, body = chance.choice(BODIES)
    lines = [f"{method} {path} HTTP/1.1".encode(), b"Host: 127.0.0.1"]
    if media:
        lines.append(b"Content-Type: " + media.encode())
    if chance.random() < 0.25 and body:
        lines.append(b"Transfer-Encoding: chunked")
        cut = chance.randrange(len(body))
        body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:cut], body[cut:]) if part)
        body += b"0\r\n\r\n"
    elif body:
        lines.append(b"Content-Length: %d" % len(body))
    if chance.random() < 0.2:
        lines.append(b"Accept-Encoding: gzip")
    return lines, body


def mutate(lines, body, chance):
    """A request's bytes, wrong in one to three ways."""
    for _ in range(chance.randint(1, 3)):
        match chance.randrange(11):
            case 0:
                lines = [line for line in lines if chance.random() > 0.3] or lines
            case 1:
                lines.append(chance.choice(lines[1:] or lines))
            case 2:
                lines.append(b"Content-Length: " + chance.choice([b"-1", b"99999999999999999999", b"5", b"0x10", b""]))
            case 3:
                lines.append(b"Transfer-Encoding: " + chance.choice([b"chunked", b"gzip, chunked", b"chunked, chunked", b"\x0bchunked"]))
            case 4:
                lines.append(b"X-Long: " + b"a" * chance.choice([100, 40_000, 200_000]))
            case 5:
                lines[0] = lines[0].replace(b" /", b" /" + b"%" * chance.randint(1, 4) + b"\xff\xfe", 1)
            case 6:
                body = body + bytes(chance.randrange(256) for _ in range(chance.randint(1, 200)))
            case 7:
                body = body.replace(b'"', bytes([chance.randrange(256)]), chance.randint(1, 3))
            case 8:
                lines[0] = b"".join(bytes([b ^ (1 << chance.randrange(8))]) if chance.random() < 0.05 else bytes([b]) for b in lines[0])
            case 9:
                lines.append(bytes(chance.randrange(256) for _ in range(chance.randint(1, 60))).replace(b"\n", b""))
            case 10:
                body = b"%x;ext=\"a\r\n" % chance.randrange(1 << 40) + body
    data = b"\r\n".join(lines) + b"\r\n\r\n" + body
    if chance.random() < 0.3:
        data = data[: chance.randrange(len(data) + 1)]
    return data


class Fuzzer(threading.Thread):
    def __init__(self, address, seed, end):
        super().__init__(daemon=True)
        self.place, self.chance, self.end = urllib.parse.urlsplit(address), random.Random(seed), end
        self.statuses, self.problems, self.count = {}, [], 0

    def run(self):
        while time.monotonic() < self.end and not self.problems:
            self.count += 1
            try:
                self.once()
            except ConnectionError:
                self.note("closed")
            except TimeoutError as error:
                self.problems.append(f"connection {self.count}: nothing within 15 s: {error}")
            except OSError as error:
                if error.errno != errno.ENOTCONN:  # closed by the server meanwhile
                    self.problems.append(f"connection {self.count}: {error}")
                self.note("closed")

    def note(self, what):
        self.statuses[what] = self.statuses.get(what, 0) + 1

    def once(self):
        chance = self.chance
        data = b"".join(mutate(*request(chance), chance) for _ in range(chance.choice([1, 1, 1, 4])))
        with socket.create_connection((self.place.hostname, self.place.port), timeout=15) as peer:
            if chance.random() < 0.05:  # slowly
                for start in range(0, min(len(data), 60), 6):
                    peer.sendall(data[start:start + 6])
                    time.sleep(0.01)
            else:
                peer.sendall(data)
            if chance.random() < 0.1:  # reset
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return self.note("reset by us")
            peer.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := peer.recv(65536):
                answer += piece
        found = re.findall(rb"(?:^|\r\n\r\n|[}\n>])HTTP/1\.1 (\d{3}) ", answer)
        for status in found or [b"closed"]:
            self.note(status.decode())
        if b"500" in found:
            self.problems.append(f"connection {self.count}: 500 for {data[:400]!r}")


def descriptors(process):
    return len(os.listdir(f"/proc/{process}/fd"))


def resident(process):
    with open(f"/proc/{process}/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def is_as_before(address):
    body = json.dumps({"text": "beta blocker", "k": 3}).encode()
    with urllib.request.urlopen(urllib.request.Request(
            address + "/v1/search", body, {"Content-Type": "application/json"}), timeout=30) as answer:
        return len(json.load(answer)["results"]) == 3


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--program")
    parser.add_argument("--leaks", action="store_true")
    options = parser.parse_args()
    service = Service(WORK, model=small_model(WORK.parent / "schemathesis-model"))
    problems = []
    with service:
        if options.program:
            service.server.terminate()
            service.server.wait(60)
            service.ligature = options.program
            service.serve(environment={
                "ASAN_OPTIONS": "detect_leaks=1:exitcode=0",
                "LSAN_OPTIONS": f"suppressions={ROOT / 'Benchmarks/leaks.supp'}"})
        process = service.server.pid
        is_as_before(service.address)
        for round_, share in (("warm-up", 0.3), ("measured", 0.7)):
            before = descriptors(process), resident(process)
            end = time.monotonic() + options.seconds * share
            fuzzers = [Fuzzer(service.address, options.seed * 1000 + i, end) for i in range(4)]
            for fuzzer in fuzzers:
                fuzzer.start()
            for fuzzer in fuzzers:
                fuzzer.join(options.seconds + 60)
            problems += [problem for fuzzer in fuzzers for problem in fuzzer.problems]
        time.sleep(2)
        after = descriptors(process), resident(process)
        statuses = {}
        for fuzzer in fuzzers:
            for status, count in fuzzer.statuses.items():
                statuses[status] = statuses.get(status, 0) + count
        if service.server.poll() is not None:
            problems.append("the server has ended")
        elif not is_as_before(service.address):
            problems.append("the server does not answer as before")
        if after[0] > before[0] + 8:
            problems.append(f"{after[0] - before[0]} descriptors more than before")
        connections = sum(fuzzer.count for fuzzer in fuzzers)
        print("| connections | answers | descriptors | resident MiB |")
        print("| ---: | --- | --- | --- |")
        listed = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
        print(f"| {connections} | {listed} | {before[0]} → {after[0]} | {before[1]:.0f} → {after[1]:.0f} |")
        service.server.terminate()
        service.server.wait(120)
    log = (WORK / "serve.log").read_text(errors="replace")
    if options.leaks:
        reports = re.findall(r"(?:ERROR|SUMMARY): (?:Address|Leak)Sanitizer.*", log)
        print("\n".join(reports) or "the sanitizer has nothing to say")
        problems += [report for report in reports if report.startswith("ERROR")]
        (WORK / "sanitizer.txt").write_text(log)
    for problem in problems:
        print("http-fuzz:", problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
