"""Retries, gzip, errors and streams, against a server that answers as it is told."""
import gzip
import io
import json
import unittest

from ligature_client import (
    Client, Conflict, ConnectionFailed, NO_RETRIES, RequestTimeout, RetryPolicy, ServiceUnavailable,
    TooManyRequests, UnexpectedAnswer, UnprocessableContent, metadata,
)
from ligature_client.retry import retry_after
from ligature_client.stream import events

from .fake_server import FakeServer

JSON = {"Content-Type": "application/json"}
PROBLEM = {"Content-Type": "application/problem+json", "X-Request-Id": "r1"}
OK = (200, JSON, b'{"ok": true}')


def problem(status, **members):
    return json.dumps({"type": "about:blank", "title": "T", "status": status, **members}).encode()


def opened(case, *words, **settings):
    client = Client(*words, **settings)
    case.addCleanup(client.close)
    return client


class RetryTests(unittest.TestCase):
    def client(self, server, **settings):
        self.pauses = []
        policy = RetryPolicy(sleep=self.pauses.append, random=lambda: 0.5, **settings)
        return opened(self, server.address, retries=policy)

    def test_retry_after_is_waited_for(self):
        with FakeServer((503, {**PROBLEM, "Retry-After": "3"}, problem(503)), OK) as server:
            self.assertEqual(self.client(server).get_info(), {"ok": True})
        self.assertEqual(len(self.pauses), 1)
        self.assertGreaterEqual(self.pauses[0], 3)
        self.assertLessEqual(self.pauses[0], 4)

    def test_pauses_grow_without_advice(self):
        steps = [(503, PROBLEM, problem(503))] * 5 + [OK]
        with FakeServer(*steps) as server:
            self.client(server).get_info()
        self.assertEqual(self.pauses, [0.05, 0.1, 0.2, 0.4, 0.8])

    def test_attempts_end(self):
        with FakeServer(*[(429, {**PROBLEM, "Retry-After": "1"}, problem(429))] * 3) as server:
            with self.assertRaises(TooManyRequests) as caught:
                self.client(server, attempts=3).get_info()
        self.assertEqual(caught.exception.retry_after, 1)
        self.assertEqual(len(server.requests), 3)

    def test_patience_ends_before_a_long_pause(self):
        with FakeServer((429, {**PROBLEM, "Retry-After": "3600"}, problem(429))) as server:
            with self.assertRaises(TooManyRequests):
                self.client(server).get_info()
        self.assertEqual(self.pauses, [])

    def test_other_statuses_are_not_tried_again(self):
        for status in (400, 401, 404, 409, 422, 500):
            with FakeServer((status, PROBLEM, problem(status))) as server:
                with self.assertRaises(Exception) as caught:
                    self.client(server).get_info()
            self.assertEqual(caught.exception.status, status)
            self.assertEqual(len(server.requests), 1)

    def test_a_write_that_is_in_flight_is_waited_for_under_the_same_key(self):
        busy = (409, {**PROBLEM, "Retry-After": "1"}, problem(409))
        with FakeServer("close", busy, (200, {**JSON, "Idempotency-Replayed": "true"}, b"{}")) as server:
            answer = self.client(server).put_item("c", "s", text="t")
        self.assertTrue(metadata(answer).is_replayed)
        keys = {headers["Idempotency-Key"] for _, _, headers, _ in server.requests}
        self.assertEqual(len(server.requests), 3)
        self.assertEqual(len(keys), 1)

    def test_every_write_has_a_key_of_its_own(self):
        with FakeServer(OK, OK, OK) as server:
            client = self.client(server)
            client.put_item("c", "s", text="t")
            client.delete_item("c", "s")
            client.put_item("c", "s", text="t", idempotency_key="mine")
        keys = [headers["Idempotency-Key"] for _, _, headers, _ in server.requests]
        self.assertEqual(len(set(keys)), 3)
        self.assertEqual(keys[2], "mine")

    def test_a_conflict_without_advice_is_an_error(self):
        with FakeServer((409, PROBLEM, problem(409, detail="Job 1 is done."))) as server:
            with self.assertRaisesRegex(Conflict, "Job 1 is done"):
                self.client(server).cancel_job(1)

    def test_a_connection_that_was_closed_meanwhile_costs_no_pause(self):
        with FakeServer(OK, "close", OK) as server:
            client = self.client(server)
            client.get_info()
            client.get_info()
        self.assertEqual(self.pauses, [])

    def test_an_answer_that_is_cut_off_is_an_error(self):
        with FakeServer("cut") as server:
            with self.assertRaises(ConnectionFailed):
                opened(self, server.address, retries=NO_RETRIES).get_info()

    def test_readiness_is_asked_once(self):
        with FakeServer((503, PROBLEM, problem(503, detail="loading"))) as server:
            with self.assertRaisesRegex(ServiceUnavailable, "loading"):
                self.client(server).get_readiness()

    def test_nobody_listens(self):
        with FakeServer() as server:
            address = server.address
        with self.assertRaises(ConnectionFailed):
            opened(self, address, retries=NO_RETRIES).get_info()

    def test_a_file_is_sent_again_from_where_it_began(self):
        file = io.BytesIO(b"skipped" + b"x" * 100_000)
        file.seek(7)
        with FakeServer((503, {"Retry-After": "0"}, b""), OK) as server:
            self.client(server).start_job("c", file, format="smi")
        self.assertEqual([body for _, _, _, body in server.requests], [b"x" * 100_000] * 2)
        self.assertEqual(server.requests[0][2]["Content-Type"], "chemical/x-daylight-smiles")

    def test_a_pipe_is_sent_once(self):
        class Pipe(io.RawIOBase):
            pieces = [b"CCO\ta\n", b""]

            def readable(self):
                return True

            def seekable(self):
                return False

            def read(self, _=-1):
                return self.pieces.pop(0)

        with FakeServer((503, {"Retry-After": "0"}, b"")) as server:
            with self.assertRaises(ServiceUnavailable):
                self.client(server).start_job("c", Pipe())
        self.assertEqual(server.requests[0][3], b"CCO\ta\n")


class FormTests(unittest.TestCase):
    def test_problem_details_name_every_field(self):
        body = problem(422, detail="2 fields are wrong.", errors=[
            {"field": "k", "detail": "found 0"}, {"field": "smiles", "offset": 3, "detail": "ring"}])
        with FakeServer((422, PROBLEM, body)) as server:
            with self.assertRaises(UnprocessableContent) as caught:
                opened(self, server.address).search(smiles="C1CC", k=0)
        error = caught.exception
        self.assertEqual([(e.field, e.offset) for e in error.errors], [("k", None), ("smiles", 3)])
        self.assertEqual(error.request_id, "r1")
        self.assertIn("smiles at 3: ring", str(error))

    def test_gzip_both_ways(self):
        answer = (200, {**JSON, "Content-Encoding": "gzip"}, gzip.compress(b'{"a": 1}'))
        with FakeServer(answer, OK) as server:
            client = opened(self, server.address, compress_above=100)
            self.assertEqual(client.search(text="x" * 200), {"a": 1})
            client.search(text="short")
        long, short = server.requests
        self.assertEqual(long[2]["Content-Encoding"], "gzip")
        self.assertEqual(json.loads(gzip.decompress(long[3])), {"text": "x" * 200})
        self.assertNotIn("Content-Encoding", short[2])
        self.assertEqual(short[2]["Accept-Encoding"], "gzip")

    def test_gzip_that_ends_too_early(self):
        cut = gzip.compress(b'{"a": 1}' * 100)[:-9]
        with FakeServer((200, {**JSON, "Content-Encoding": "gzip"}, cut)) as server:
            with self.assertRaises(ConnectionFailed):
                opened(self, server.address, retries=NO_RETRIES).get_info()

    def test_another_program_at_the_address(self):
        with FakeServer((200, {"Content-Type": "text/html"}, b"<html>")) as server:
            with self.assertRaises(UnexpectedAnswer):
                opened(self, server.address).get_info()

    def test_names_in_paths_and_queries_are_escaped(self):
        with FakeServer(OK, OK) as server:
            client = opened(self, server.address + "/prefix/")
            client.get_item("a/b c", "ü?#")
            client.list_items("c", limit=5)
        self.assertEqual(server.requests[0][1], "/prefix/v1/corpora/a%2Fb%20c/items/%C3%BC%3F%23")
        self.assertEqual(server.requests[1][1], "/prefix/v1/corpora/c/items?limit=5")

    def test_the_key_is_sent(self):
        with FakeServer(OK) as server:
            opened(self, server.address, key="lig_x").get_info()
        self.assertEqual(server.requests[0][2]["Authorization"], "Bearer lig_x")

    def test_addresses_that_are_none(self):
        for address in ("ftp://a", "http://", ""):
            with self.assertRaises(ValueError):
                opened(self, address)

    def test_timeouts(self):
        import socket

        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            client = opened(self, f"http://127.0.0.1:{silent.getsockname()[1]}", retries=NO_RETRIES)
            with self.assertRaises(RequestTimeout):
                client.with_timeout(0.1).get_info()

    def test_retry_after_in_both_forms(self):
        self.assertEqual(retry_after("7"), 7)
        self.assertEqual(retry_after("Thu, 01 Jan 1970 00:01:00 GMT", lambda: 50.0), 10)
        self.assertEqual(retry_after("Thu, 01 Jan 1970 00:01:00 GMT", lambda: 90.0), 0)
        for value in (None, "", "soon", "-3", "1.5"):
            self.assertIsNone(retry_after(value))


class StreamTests(unittest.TestCase):
    def test_events_are_taken_up_again_where_they_ended(self):
        first = b'event: progress\nid: 1\ndata: {"rows": 1}\n\n: silence\n\nevent: progress\nid: 2\ndata: {"rows": 2}\n\n'
        rest = b'event: done\nid: 3\ndata: {"rows": 3}\n\n'
        kind = {"Content-Type": "text/event-stream"}
        with FakeServer((200, kind, first), (200, kind, rest)) as server:
            client = opened(self, server.address, retries=RetryPolicy(sleep=lambda _: None))
            found = [(event.name, event.data["rows"]) for event in client.follow_job(4)]
        self.assertEqual(found, [("progress", 1), ("progress", 2), ("done", 3)])
        self.assertNotIn("Last-Event-ID", server.requests[0][2])
        self.assertEqual(server.requests[1][2]["Last-Event-ID"], "2")

    def test_events_in_any_pieces(self):
        text = 'event: a\ndata: {"t":\ndata: "ü"}\n\ndata:1\r\n\r\n'.encode()

        class Pieces:
            def lines(self):
                return iter([line.rstrip(b"\r") for line in text.split(b"\n")])

        self.assertEqual([(e.name, e.data) for e in events(Pieces())], [("a", {"t": "ü"}), ("message", 1)])

    def test_lines_are_results(self):
        body = b'{"line": 1, "status": "created"}\n{"line": 2, "status": "refused"}\n'
        with FakeServer((200, {"Content-Type": "application/x-ndjson"}, body)) as server:
            results = list(opened(self, server.address).write_items("c", [{"source_id": "a"}, {"source_id": "b"}]))
        self.assertEqual([result["status"] for result in results], ["created", "refused"])
        self.assertEqual(server.requests[0][3], b'{"source_id": "a"}\n{"source_id": "b"}\n')


if __name__ == "__main__":
    unittest.main()
