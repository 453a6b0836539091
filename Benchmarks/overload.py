#!/usr/bin/env python3
"""Five times what the server can do, for a minute; prints a table.

    Benchmarks/overload.py [--seconds 60] [--connections 512] [--factor 5] [--model FOLDER] [--corpus FILE]

Every answer must be 200, or 429 or 503 with Retry-After; memory must stay flat; two seconds after the
load has ended the server must answer as before. Needs wrk. Texts differ in every request, so that no cache
helps. Server and wrk share the machine, and five times the capacity of the small corpus is more than wrk
can offer: give a model and a corpus of real size (DATA/pairs/pool.tsv).
"""
import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import threading
import time

from service_process import CORPUS, ROOT, SHIPPED_MODEL, Service

from ligature_client import Client, LigatureError, NO_RETRIES


def wrk(address, connections, seconds, prefix):
    """What wrk's script counted."""
    out = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s",
         "-s", ROOT / "Benchmarks/overload.lua", address, "--", prefix],
        text=True, stdout=subprocess.PIPE, check=True).stdout
    return json.loads(next(line[7:] for line in out.splitlines() if line.startswith("RESULT ")))


class Memory(threading.Thread):
    """Resident bytes every half second."""

    def __init__(self, service):
        super().__init__(daemon=True)
        self.service, self.samples, self.stopped = service, [], threading.Event()

    def run(self):
        while not self.stopped.wait(0.5):
            self.samples.append(self.service.resident_bytes())


def recovery(client, usual):
    """Seconds until ten searches in a row take at most twice what they took before the load."""
    start, row = time.monotonic(), 0
    number = 0
    while time.monotonic() - start < 30:
        number += 1
        began = time.monotonic()
        try:
            client.search(text=f"after the load {number}", k=10)
            is_good = time.monotonic() - began <= max(2 * usual, 0.025)
        except LigatureError:
            is_good = False
        row = row + 1 if is_good else 0
        if row == 10:
            return time.monotonic() - start
    return float("inf")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--connections", type=int, default=512)
    parser.add_argument("--factor", type=float, default=5)
    parser.add_argument("--model", default=SHIPPED_MODEL)
    parser.add_argument("--corpus", default=CORPUS)
    options = parser.parse_args()
    with Service(ROOT / ".ligature/overload", options.model, options.corpus) as service:
        client = Client(service.address, retries=NO_RETRIES, timeout=30)
        times = []
        for number in range(60):
            began = time.monotonic()
            client.search(text=f"before the load {number}", k=10)
            times.append(time.monotonic() - began)
        usual = sorted(times[10:])[-3]
        wrk(service.address, 16, 3, "warm")
        capacity = wrk(service.address, 16, 8, "capacity")
        able = capacity["good"] / capacity["seconds"]
        memory = Memory(service)
        memory.start()
        load = wrk(service.address, options.connections, options.seconds, "load")
        memory.stopped.set()
        recovered = recovery(client, usual)
        memory.join()
    offered = (load["good"] + load["refused"] + load["other"]) / load["seconds"]
    quarter = max(1, len(memory.samples) // 4)
    early, late = (statistics.median(part) for part in (memory.samples[quarter:2 * quarter], memory.samples[-quarter:]))
    rows = [
        ("capacity, 16 connections, requests/s", f"{able:,.0f}"),
        (f"offered, {options.connections} connections, requests/s (times capacity)",
         f"{offered:,.0f} ({offered / able:.1f})"),
        ("seconds", f"{load['seconds']:.0f}"),
        ("answers 200 (a second)", f"{load['good']:,} ({load['good'] / load['seconds']:,.0f})"),
        ("answers 429 or 503 with Retry-After", f"{load['refused'] - load['bare']:,}"),
        ("answers 429 or 503 without", f"{load['bare']:,}"),
        ("other answers", f"{load['other']:,}"),
        ("connection errors (connect, read, write, timeout)",
         f"{load['connect']}, {load['read']}, {load['write']}, {load['timeout']}"),
        ("p50, p99 of all answers, ms", f"{load['p50']:.1f}, {load['p99']:.1f}"),
        ("resident MB, second quarter of the load; last quarter", f"{early / 1e6:.0f}; {late / 1e6:.0f}"),
        ("seconds until it answers as before", f"{recovered:.2f}"),
    ]
    print("| what | measured |\n| --- | ---: |")
    for name, value in rows:
        print(f"| {name} | {value} |")
    print(f"\n{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f} at the end, "
          f"{datetime.date.today()}.")
    wrong = []
    if load["bare"] or load["other"] or load["read"] or load["write"]:
        wrong.append("an answer was none of 200, 429 and 503 with Retry-After, or none came")
    if late > 1.1 * early + 16e6:
        wrong.append("memory grows")
    if recovered > 2 + usual * 10:
        wrong.append("it does not recover")
    if offered < options.factor * able:
        wrong.append(f"only {offered / able:.1f} times the capacity was offered")
    for line in wrong:
        print(f"overload: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
