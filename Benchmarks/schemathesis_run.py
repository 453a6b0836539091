#!/usr/bin/env python3
"""The run of schemathesis.sh, which see."""
import argparse
import os
import subprocess
import sys

from service_process import ROOT, Service, small_model

from ligature_client import Client

CHECKS = ",".join([
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_headers_conformance", "response_schema_conformance"])
WORK = ROOT / ".ligature/schemathesis"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    with Service(WORK, model=small_model(WORK.parent / "schemathesis-model")) as service:
        with Client(service.address) as client:
            operations = sum(len(verbs) for verbs in client.get_description()["paths"].values())
        each = max(1, -(-options.cases // operations))
        done = subprocess.run(
            [options.program, "run", service.address + "/openapi.json", "--checks", CHECKS,
             "--phases", "fuzzing", "--max-examples", str(each), "--seed", str(options.seed),
             "--mode", "all", "--request-timeout", "30", "--suppress-health-check", "all",
             "--continue-on-failure", "--no-color",
             # Events of a job end with the job, which no case waits for.
             "--exclude-operation-id", "followJob"],
            cwd=WORK, text=True,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
                 "PYTHONPATH": str(ROOT / "Benchmarks")}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        alive = service.server.poll() is None and service.is_ready()
    (WORK / "report.txt").write_text(done.stdout)
    print(done.stdout[-6000:])
    print(f"{operations} operations, {each} cases each; the report is {WORK / 'report.txt'}")
    if not alive:
        print("schemathesis: the server has ended or is not ready", file=sys.stderr)
    return done.returncode or (0 if alive else 1)


if __name__ == "__main__":
    sys.exit(main())
