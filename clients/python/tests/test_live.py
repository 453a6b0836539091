"""Every group of operations against a live server with the corpus `compounds`."""
import gzip
import json
import threading
import time
import unittest
import uuid

from ligature_client import (
    Client, NotFound, PreconditionFailed, UnprocessableContent, embedding_values, metadata,
)

from .live import address

ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"


class LiveTests(unittest.TestCase):
    def setUp(self):
        self.client = Client(address())
        self.addCleanup(self.client.close)

    def corpus(self):
        name = f"python-{uuid.uuid4()}"
        self.addCleanup(self.drop, name)
        return name

    def drop(self, name):
        with Client(address()) as client:
            try:
                client.delete_corpus(name)
            except NotFound:
                pass

    def test_health_and_info(self):
        self.assertEqual(self.client.get_liveness(), "live")
        self.assertEqual(self.client.get_readiness(), "ready")
        info = self.client.get_info()
        self.assertIn("compounds", [corpus["name"] for corpus in info["corpora"]])
        self.assertIn("# TYPE", self.client.get_metrics())
        self.assertIn("layers", self.client.get_experts())

    def test_search_pages_and_filters(self):
        first = self.client.search(text="beta blocker", k=5, corpus="compounds")
        second = self.client.search(text="beta blocker", k=5, corpus="compounds", cursor=first["cursor"])
        self.assertEqual([hit["rank"] for hit in first["results"]], [1, 2, 3, 4, 5])
        self.assertEqual([hit["rank"] for hit in second["results"]], [6, 7, 8, 9, 10])
        light = self.client.search(
            smiles=ASPIRIN, target="molecules", ranking="fingerprint", k=1,
            filter={"descriptor": "molecular_weight", "max": 300})
        self.assertEqual(light["results"][0]["score"], 1)

    def test_wrong_fields_are_named(self):
        with self.assertRaises(UnprocessableContent) as caught:
            self.client.search(smiles="C1CC", k=0)
        self.assertEqual({error.field for error in caught.exception.errors}, {"k", "smiles"})
        self.assertIsNotNone(caught.exception.request_id)

    def test_batches(self):
        answers = self.client.search_batch(
            searches=[{"text": "opioid", "k": 1}, {"smiles": "C1CC"}])["answers"]
        self.assertEqual(len(answers[0]["results"]), 1)
        self.assertEqual(answers[1]["problem"]["status"], 422)

    def test_embeddings_in_both_formats(self):
        numbers = self.client.create_embeddings(input=["opioid", "beta blocker"])
        packed = self.client.create_embeddings(
            input=["opioid", "beta blocker"], encoding_format="base64")
        for one, other in zip(numbers["data"], packed["data"]):
            self.assertIsInstance(other["embedding"], str)
            for left, right in zip(embedding_values(one), embedding_values(other)):
                self.assertAlmostEqual(left, right, places=6)
        short = self.client.create_embeddings(input="opioid", dimensions=8)["data"][0]["embedding"]
        self.assertEqual(len(short), 8)
        self.assertAlmostEqual(sum(value * value for value in short), 1, places=5)

    def test_scores_and_explanations(self):
        pair = {"left": {"text": "pain"}, "right": {"smiles": ASPIRIN}}
        scores = self.client.get_similarity(pairs=[pair, pair])["scores"]
        self.assertEqual(scores[0], scores[1])
        ranking = self.client.rank(
            query={"text": "pain"}, candidates=[{"smiles": "CCO"}, {"smiles": ASPIRIN}], k=1)
        self.assertEqual(len(ranking["ranking"]), 1)
        explanation = self.client.explain_score(
            query={"text": "relieves pain"}, target={"smiles": ASPIRIN})
        self.assertAlmostEqual(explanation["score"], self.client.get_similarity(pairs=[
            {"left": {"text": "relieves pain"}, "right": {"smiles": ASPIRIN}}])["scores"][0], places=4)
        self.assertIn("<svg", explanation["svg"])

    def test_molecules(self):
        self.assertFalse(self.client.validate_molecule(smiles="C1CC")["valid"])
        self.assertEqual(self.client.canonicalize_molecule(smiles="OCC")["canonical_smiles"], "CCO")
        self.assertEqual(self.client.describe_molecule(smiles=ASPIRIN)["formula"], "C9H8O4")
        found = self.client.find_substructure(smiles=ASPIRIN, smarts="c1ccccc1")
        self.assertEqual(sorted(found["atoms"][0]), [4, 5, 6, 7, 8, 9])
        self.assertTrue(self.client.depict_molecule(smiles=ASPIRIN).lstrip().startswith(b"<"))
        png = self.client.get_depiction(smiles=ASPIRIN, format="png", width=200, height=150)
        self.assertTrue(png.startswith(b"\x89PNG"))
        file = self.client.write_structures(molecules=[
            {"smiles": ASPIRIN, "name": "aspirin", "fields": {"class": "NSAID"}}, {"smiles": "CCO"}])
        self.assertTrue(file.startswith(b"aspirin\n"))
        self.assertEqual(file.count(b"$$$$"), 2)

    def test_an_item_from_its_first_to_its_last_write(self):
        corpus = self.corpus()
        made = self.client.put_item(corpus, "a/1", smiles="CCO", text="a solvent", properties={"n": 1})
        self.assertEqual((made["status"], metadata(made).status), ("created", 201))
        item = self.client.get_item(corpus, "a/1")
        self.assertEqual(item["smiles"], "CCO")
        self.assertEqual(self.client.get_item_by_number(item["id"])["source_id"], "a/1")
        with self.assertRaises(PreconditionFailed):
            self.client.put_item(corpus, "a/1", smiles="CCO", if_none_match="*")
        changed = self.client.put_item(
            corpus, "a/1", smiles="CCO", text="drunk", if_match=metadata(item).etag)
        self.assertEqual(changed["status"], "updated")
        self.assertEqual([entry["source_id"] for entry in self.client.every_item(corpus)], ["a/1"])
        self.assertEqual(self.client.get_corpus(corpus)["source_ids"], 1)
        self.assertEqual(self.client.delete_item(corpus, "a/1")["status"], "deleted")
        with self.assertRaises(NotFound):
            self.client.get_item(corpus, "a/1")

    def test_a_write_sent_twice_is_done_once(self):
        corpus = self.corpus()
        first = self.client.put_item(corpus, "x", text="one", idempotency_key="key-" + corpus)
        again = self.client.put_item(corpus, "x", text="one", idempotency_key="key-" + corpus)
        self.assertEqual(first, again)
        self.assertTrue(metadata(again).is_replayed)
        with self.assertRaises(UnprocessableContent):
            self.client.put_item(corpus, "x", text="two", idempotency_key="key-" + corpus)

    def test_many_items_and_their_export(self):
        corpus = self.corpus()
        results = list(self.client.write_items(corpus, (
            {"source_id": f"s{n}", "smiles": "C" * (n + 1)} for n in range(300))))
        self.assertEqual([result["line"] for result in results], list(range(1, 301)))
        self.assertEqual({result["status"] for result in results}, {"created"})
        mixed = list(self.client.write_items(corpus, [
            {"source_id": "s0", "delete": True}, {"source_id": "bad", "smiles": "C1CC"}]))
        self.assertEqual([result["status"] for result in mixed], ["deleted", "refused"])
        with self.client.export_corpus(corpus, format="ndjson") as export:
            self.assertEqual(len(list(export.objects())), 299)
        pages = list(self.client.every_item(corpus, limit=50))
        self.assertEqual(len({item["source_id"] for item in pages}), 299)

    def test_a_job_is_followed_to_its_end(self):
        corpus = self.corpus()
        rows = "id\tsmiles\ttext\n" + "".join(f"j{n}\t{'C' * (n + 1)}O\talcohol {n}\n" for n in range(40))
        rows += "bad\tC1CC\tbroken\n"
        job = self.client.start_job(corpus, gzip.compress(rows.encode()), format="tsv")
        events = list(self.client.follow_job(job["id"]))
        self.assertEqual(events[-1].name, "done")
        self.assertEqual(events[-1].data["state"], "done")
        ended = self.client.wait_for_job(job["id"], timeout=60)
        self.assertEqual((ended["rows"], ended["rejects"]), (40, 1))
        self.assertEqual(len(list(self.client.list_rejects(job["id"]))), 1)
        self.assertIn(job["id"], [entry["id"] for entry in self.client.list_jobs()["jobs"]])

    def test_what_is_written_is_found(self):
        corpus = self.corpus()
        self.client.put_item(corpus, "w", smiles="CCCCCCCCCCO", text="decanol")
        end = time.monotonic() + 10
        while True:
            try:
                hits = self.client.search(smiles="CCCCCCCCCCO", target="molecules", corpus=corpus)["results"]
            except UnprocessableContent:  # the server has not yet heard of the corpus
                hits = []
            if hits or time.monotonic() > end:
                break
            time.sleep(0.05)
        self.assertEqual([hit["source_id"] for hit in hits], ["w"])

    def test_models(self):
        models = self.client.list_models()["models"]
        self.assertEqual(self.client.get_model(models[0]["name"])["name"], models[0]["name"])
        self.assertGreaterEqual(len(self.client.list_corpora()["corpora"]), 1)

    def test_many_threads_share_a_client(self):
        scores, errors = [], []

        def ask():
            try:
                for _ in range(10):
                    scores.append(json.dumps(self.client.search(text="opioid", k=3)["results"]))
            except Exception as error:  # told below
                errors.append(error)

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(errors, [])
        self.assertEqual((len(scores), len(set(scores))), (80, 1))


if __name__ == "__main__":
    unittest.main()
