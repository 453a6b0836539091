#!/usr/bin/env python3
"""What clients see while things break; writes the table of docs/operations.md.

    Benchmarks/chaos.py [--only NAME,...] [--seconds 12] [--print]

A writing and a searching client ask a server without pause, each request once, none is repeated. In the
middle something happens. Afterwards every write that was acknowledged is looked for in the database.
Runs as root: the full disk is a tmpfs, the clock is libfaketime's (Debian: faketime).
"""
import argparse
import collections
import datetime
import os
import pathlib
import platform
import re
import subprocess
import sys
import threading
import time

from service_process import ROOT, Service, small_model

from ligature_client import Client, ConnectionFailed, LigatureError, NO_RETRIES, ProblemError

WORK = ROOT / ".ligature/chaos"
REPORT = ROOT / "docs/operations.md"
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


class Seen:
    """What one client saw."""

    def __init__(self):
        self.counts, self.details = collections.Counter(), collections.Counter()
        self.longest, self.last = 0.0, time.monotonic()
        self.acknowledged = []

    def note(self, kind, detail=None):
        self.counts[kind] += 1
        if detail:
            self.details[detail] += 1
        if kind == "2xx":
            now = time.monotonic()
            self.longest, self.last = max(self.longest, now - self.last), now

    def close(self):
        self.longest = max(self.longest, time.monotonic() - self.last)


def ask_until(stop, seen, ask):
    number = 0
    while not stop.is_set():
        number += 1
        try:
            done = ask(number)
            seen.note("2xx")
            if done is not None:
                seen.acknowledged.append(done)
        except ProblemError as error:
            seen.note(f"{error.status // 100}xx", f"{error.status} {error.detail}")
            if error.status in (429, 503) and error.retry_after is None:
                seen.note("without Retry-After")
        except ConnectionFailed as error:
            seen.note("connection", re.sub(r"^[^:]*: ", "", str(error))[:80])
            time.sleep(0.01)
        except LigatureError as error:
            seen.note("other", str(error)[:80])
        time.sleep(0.002)
    seen.close()


def under_load(service, name, seconds, happen):
    """Runs both clients for so long, with `happen` after a third; what they saw."""
    searching, writing, stop = Seen(), Seen(), threading.Event()
    client = Client(service.address, retries=NO_RETRIES, timeout=15)

    def search(number):
        client.search(text=f"inhibitor of kinase {number % 200}", k=5)

    def write(number):
        identifier = f"{name}-{number}"
        client.put_item("written", identifier, smiles="C" * (1 + number % 150) + "O", text=identifier)
        return identifier

    threads = [
        threading.Thread(target=ask_until, args=(stop, searching, search)),
        threading.Thread(target=ask_until, args=(stop, writing, write))]
    for thread in threads:
        thread.start()
    time.sleep(seconds / 3)
    note = happen()
    time.sleep(2 * seconds / 3)
    stop.set()
    for thread in threads:
        thread.join()
    client.close()
    return searching, writing, note


def lost(service, acknowledged):
    """Acknowledged writes that the database does not have."""
    with Client(service.address) as client:
        there = {item_id for item in client.every_item("written", limit=1000) for item_id in item["source_ids"]}
    return [identifier for identifier in acknowledged if identifier not in there]


def nothing(service):
    return lambda: "nothing happens"


def terminate(service):
    def happen():
        port = service.port
        service.server.terminate()
        service.server.wait(40)
        seconds = service.serve(port=port)
        return f"SIGTERM, exit, started again; ready in {seconds:.1f} s"
    return happen


def kill(service):
    def happen():
        port = service.port
        service.server.kill()
        service.server.wait()
        seconds = service.serve(port=port)
        return f"SIGKILL, started again; ready in {seconds:.1f} s"
    return happen


def database(service):
    def happen():
        start = time.monotonic()
        service.run("db", "stop")
        service.run("db", "start")
        return f"PostgreSQL stopped and started, away for {time.monotonic() - start:.1f} s"
    return happen


def full_disk(service):
    def happen():
        filler = service.work / "filler"
        try:
            with open(filler, "wb", buffering=0) as file:
                end = time.monotonic() + 4
                while time.monotonic() < end:  # what others free is taken at once
                    try:
                        file.write(bytes(1 << 20))
                    except OSError:
                        time.sleep(0.02)
        finally:
            filler.unlink()
        status = subprocess.run(
            [service.ligature, "db", "start"], env=service.environment, cwd=ROOT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return f"no byte free for 4 s, then room again{'' if status.returncode == 0 else ': ' + status.stdout}"
    return happen


def clock(service):
    def happen():
        file = service.work / "clock"
        file.write_text("+1d\n")
        time.sleep(3)
        file.write_text("-1d\n")
        time.sleep(3)
        file.write_text("+0\n")
        return "the server's clock a day ahead for 3 s, a day behind for 3 s, right again"
    return happen


def handover(service):
    def happen():
        old = service.server
        seconds = service.serve("--reuse-port", port=service.port)
        old.terminate()
        old.wait(40)
        return f"a second process on the port, ready in {seconds:.1f} s; then SIGTERM to the first"
    return happen


SCENARIOS = {
    "baseline": nothing, "SIGTERM": terminate, "SIGKILL": kill, "PostgreSQL restarted": database,
    "disk full": full_disk, "clock jump": clock, "restart on one port": handover,
}


def run(name, model, seconds):
    work = WORK / re.sub(r"\W", "-", name)
    is_mounted = name == "disk full"
    if is_mounted:
        subprocess.run(["umount", "-q", work], check=False, stderr=subprocess.DEVNULL)
        work.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=500m,mode=755", "ligature-chaos", work], check=True)
    service = Service(work, model=model, flags=("--no-snapshot",), fresh=not is_mounted)
    try:
        service.prepare()
        environment, flags, prefix = {}, [], ()
        if name == "clock jump":
            (service.work / "clock").write_text("+0\n")
            environment = {
                "LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(service.work / "clock"),
                "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
            # Started by Python itself, a program under libfaketime does not see its arguments.
            prefix = ("env",)
        if name == "restart on one port":
            flags = ["--reuse-port"]
        service.serve(*flags, environment=environment, prefix=prefix)
        with Client(service.address) as client:
            client.put_item("written", "first", smiles="CCO")
        searching, writing, note = under_load(service, name, seconds, SCENARIOS[name](service))
        service.wait_until_ready(60)
        return searching, writing, note, lost(service, writing.acknowledged)
    finally:
        service.__exit__()
        if is_mounted:
            subprocess.run(["umount", "-l", work], check=False)


def row(name, who, seen, note, missing=None):
    counts = seen.counts
    writes = f"{len(seen.acknowledged):,} | {len(missing)}" if missing is not None else " | "
    total = sum(value for kind, value in counts.items() if kind != "without Retry-After")
    return (
        f"| {name} | {who} | {total:,} | {counts['2xx']:,} | {counts['4xx']:,} | {counts['5xx']:,} | "
        f"{counts['connection'] + counts['other']:,} | {seen.longest:.2f} | {writes} |")


def table(results):
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True, stdout=subprocess.PIPE).stdout.strip()
    lines = [
        "| what happens | client | requests | 2xx | 4xx | 5xx | connection errors | longest gap, s | "
        "writes acknowledged | writes lost |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    notes = []
    for name, (searching, writing, note, missing) in results.items():
        lines.append(row(name, "searches", searching, note))
        lines.append(row("", "writes", writing, note, missing))
        details = (searching.details + writing.details).most_common(3)
        seen = "; ".join(f"{text} ({count})" for text, count in details)
        notes.append(f"- *{name}*: {note}." + (f" Seen: {seen}." if seen else ""))
    where = f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f} at the end, " \
            f"{datetime.date.today()}, {commit}."
    return "\n".join(lines + [""] + notes + ["", where])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(SCENARIOS))
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--print", action="store_true", help="do not change docs/operations.md")
    options = parser.parse_args()
    model = small_model(WORK / "model")
    results, failed = {}, []
    for name in options.only:
        print(f"chaos: {name}", file=sys.stderr, flush=True)
        try:
            results[name] = run(name, model, options.seconds)
        except SystemExit as error:
            failed.append(f"{name}: {error}")
    text = table(results)
    print(text)
    if not options.print:
        begin, end = "<!-- chaos: begin -->\n", "\n<!-- chaos: end -->"
        page = REPORT.read_text()
        head, rest = page.split(begin)
        REPORT.write_text(head + begin + text + end + rest.split(end)[1])
    bad = [name for name, (searching, writing, _, missing) in results.items()
           if missing or searching.counts["without Retry-After"] or writing.counts["without Retry-After"]]
    for line in failed:
        print(f"chaos: {line}", file=sys.stderr)
    return 1 if bad or failed else 0


if __name__ == "__main__":
    sys.exit(main())
