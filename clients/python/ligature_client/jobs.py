"""Jobs: files that are indexed into a corpus."""
from __future__ import annotations

import io
import os
import pathlib
import time
from typing import BinaryIO, Iterator, Optional, Union

from .caller import Caller, idempotency_key as key_or_new
from .errors import ConnectionFailed
from .stream import Event, events
from .types import Job, JobList, RejectedRow

#: The server breaks silence every 15 seconds.
_EVENT_TIMEOUT = 45.0
#: Times that a cut event stream is taken up again without an event in between.
_RESUMES = 8

_MEDIA_TYPES = {
    "tsv": "text/tab-separated-values", "csv": "text/csv", "ndjson": "application/x-ndjson",
    "smi": "chemical/x-daylight-smiles", "sdf": "chemical/x-mdl-sdfile",
}


class JobOperations(Caller):
    def start_job(
        self, corpus: str, file: Union[str, "os.PathLike[str]", bytes, BinaryIO], *,
        format: Optional[str] = None, idempotency_key: Optional[str] = None,
    ) -> Job:
        """Uploads a file, plain or gzip, given by its path, its bytes, or open for reading.

        Without `format` the server tells it by the first line. A file that cannot be sought (a pipe)
        is sent once and never again.
        """
        headers = {
            "Content-Type": _MEDIA_TYPES.get(format or "", "application/octet-stream"),
            "Idempotency-Key": key_or_new(idempotency_key),
        }
        if isinstance(file, bytes):
            file = io.BytesIO(file)
        elif isinstance(file, (str, os.PathLike)):
            with pathlib.Path(file).open("rb") as opened:
                return self.start_job(corpus, opened, format=format, idempotency_key=idempotency_key)
        if file.seekable():
            place = file.tell()
            headers["Content-Length"] = str(file.seek(0, os.SEEK_END) - place)
            file.seek(place)
        return self._upload(
            "/v1/jobs", {}, {"corpus": corpus, "format": format}, headers, file)

    def list_jobs(
        self, *, limit: Optional[int] = None, cursor: Optional[str] = None
    ) -> JobList:
        """A page of jobs, the newest first."""
        return self._json("GET", "/v1/jobs", query={"limit": limit, "cursor": cursor})

    def get_job(self, job: int) -> Job:
        """How far a job is."""
        return self._json("GET", "/v1/jobs/{job}", {"job": job})

    def cancel_job(self, job: int, *, idempotency_key: Optional[str] = None) -> Job:
        """Ends a job; what is stored stays."""
        return self._json(
            "DELETE", "/v1/jobs/{job}", {"job": job},
            headers={"Idempotency-Key": key_or_new(idempotency_key)})

    def follow_job(self, job: int, *, last_event_id: Optional[str] = None) -> Iterator[Event]:
        """`progress` with the Job whenever it has changed, then `done`, or `gone` when it was deleted.

        A stream that is cut off is taken up again where it ended.
        """
        last, failures = last_event_id, 0
        while True:
            try:
                with self._stream(
                    "GET", "/v1/jobs/{job}/events", {"job": job},
                    headers={"Last-Event-ID": last, "Accept": "text/event-stream"},
                    timeout=_EVENT_TIMEOUT,
                ) as stream:
                    for event in events(stream):
                        last, failures = event.id or last, 0
                        yield event
                        if event.name in ("done", "gone"):
                            return
            except ConnectionFailed:
                if failures >= _RESUMES:
                    raise
            failures += 1
            if failures > _RESUMES:
                raise ConnectionFailed(f"the events of job {job} end again and again")
            self._transport.retries.sleep(self._transport.retries.pause(failures, None))

    def wait_for_job(self, job: int, *, timeout: Optional[float] = None) -> Job:
        """The job when it has ended, done or not; throws TimeoutError."""
        end = None if timeout is None else time.monotonic() + timeout
        pause = 0.05
        while True:
            found = self.get_job(job)
            if found["state"] in ("done", "failed", "cancelled"):
                return found
            if end is not None and time.monotonic() + pause > end:
                raise TimeoutError(f"job {job} is {found['state']} after {timeout:g} s")
            time.sleep(pause)
            pause = min(2 * pause, 2.0)

    def list_rejects(self, job: int) -> Iterator[RejectedRow]:
        """Rows that were left out, and why."""
        with self._stream("GET", "/v1/jobs/{job}/rejects", {"job": job}) as stream:
            yield from stream.objects()
