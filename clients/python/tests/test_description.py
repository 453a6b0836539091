"""The client against the server's own description: neither has an operation that the other lacks.

Each method is called with every parameter, and what it would send is held against the description.
"""
import inspect
import json
import re
import unittest

from ligature_client import Client
from ligature_client.caller import Caller
from ligature_client.stream import AnswerStream

from .live import address

#: What the client has beside the operations.
CONVENIENCES = {"close", "with_timeout", "wait_for_job", "every_item"}
#: Bodies that are no JSON object, by operation: the argument that is sent.
BODIES = {"startJob": "file", "writeItems": "items"}


def snake(name):
    """An operationId or the name of a parameter as Python spells it."""
    if "-" in name:
        return name.replace("-", "_").lower()
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def stated_parameters(operation):
    """Those that a caller gives: If-None-Match of a read is for caches, and the client keeps none."""
    is_read = "requestBody" not in operation and "304" in operation["responses"]
    return [
        parameter for parameter in operation.get("parameters", [])
        if not (is_read and parameter["name"] == "If-None-Match")]


class Recorder:
    """A transport that answers nothing and keeps what it is given."""

    def __init__(self):
        self.sent = []

    def send(self, method, path, headers, body, **_):
        self.sent.append((method, path, headers, body))
        raise Sent

    def open(self, method, path, headers, body, **_):
        return self.send(method, path, headers, body)


class Sent(Exception):
    pass


class DescriptionTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with Client(address()) as client:
            cls.description = client.get_description()
        cls.operations = {
            operation["operationId"]: (verb.upper(), path, operation)
            for path, verbs in cls.description["paths"].items() for verb, operation in verbs.items()}

    def resolved(self, schema):
        while "$ref" in schema:
            schema = self.description["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def body_members(self, name, operation):
        content = operation.get("requestBody", {}).get("content", {})
        if name in BODIES or "application/json" not in content:
            return []
        return list(self.resolved(content["application/json"]["schema"])["properties"])

    def test_every_operation_has_a_method_and_every_method_an_operation(self):
        self.assertGreater(len(self.operations), 5)
        methods = {
            name for name, _ in inspect.getmembers(Client, inspect.isfunction)
            if not name.startswith("_")}
        self.assertEqual(
            methods - CONVENIENCES, {snake(name) for name in self.operations})

    def test_parameters_are_those_of_the_description(self):
        for name, (_, _, operation) in self.operations.items():
            with self.subTest(name):
                expected = [snake(parameter["name"]) for parameter in stated_parameters(operation)]
                expected += self.body_members(name, operation)
                if name in BODIES:
                    expected.append(BODIES[name])
                signature = inspect.signature(getattr(Client, snake(name)))
                self.assertEqual(sorted(list(signature.parameters)[1:]), sorted(expected))

    def test_what_is_sent_is_what_the_description_says(self):
        for name, (verb, path, operation) in self.operations.items():
            with self.subTest(name):
                self.check_sending(name, verb, path, operation)

    def check_sending(self, name, verb, path, operation):
        client = object.__new__(Client)
        recorder = Recorder()
        Caller.__init__(client, recorder)
        values, expected_path, query, fields = {}, path, [], []
        for parameter in stated_parameters(operation):
            values[snake(parameter["name"])] = "1"
            if parameter["in"] == "path":
                expected_path = expected_path.replace("{" + parameter["name"] + "}", "1")
            elif parameter["in"] == "query":
                query.append(parameter["name"] + "=1")
            else:
                fields.append(parameter["name"])
        members = self.body_members(name, operation)
        for member in members:
            values[member] = ["1"]
        if name in BODIES:
            values[BODIES[name]] = b"x" if name == "startJob" else []
        with self.assertRaises(Sent):
            answer = getattr(client, snake(name))(**values)
            next(iter(answer))
        sent_verb, target, headers, body = recorder.sent[0]
        sent_path, _, sent_query = target.partition("?")
        self.assertEqual((sent_verb, sent_path), (verb, expected_path))
        self.assertEqual(sorted(filter(None, sent_query.split("&"))), sorted(query))
        for field in fields:
            self.assertEqual(headers.get(field), "1", field)
        if members:
            self.assertEqual(sorted(json.loads(body)), sorted(members))
            self.assertEqual(headers["Content-Type"], "application/json")
        accepted = operation.get("requestBody", {}).get("content", {})
        if accepted:
            self.assertIn(headers["Content-Type"], accepted)

    def test_streams_are_those_of_the_description(self):
        """What the description calls JSON is decoded, and nothing else."""
        for name, (_, _, operation) in self.operations.items():
            answers = {
                media for status, answer in operation["responses"].items() if status < "300"
                for media in answer.get("content", {})}
            kind = inspect.signature(getattr(Client, snake(name))).return_annotation
            is_decoded = kind not in ("bytes", "str", AnswerStream.__name__) and not kind.startswith("Iterator")
            self.assertEqual(is_decoded, answers == {"application/json"}, name)


if __name__ == "__main__":
    unittest.main()
