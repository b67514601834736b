"""How requests find their model, and what is counted."""

import json
import threading
import unittest
from http.server import ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import urlopen

from src import __version__
from src.main import NoModel, OneFlowAI
from src.server import Health


def flow(budget=None):
    made = OneFlowAI(budget=budget)
    made.register("small", ["shout"], 0.25, str.upper)
    made.register("large", ["shout", "title"], 0.5, str.title)
    return made


class Routing(unittest.TestCase):
    def test_the_cheapest_able_model_answers(self):
        self.assertEqual(flow().run("shout", "hi").model, "small")
        self.assertEqual(flow().run("title", "hi there").text, "Hi There")

    def test_equal_costs_go_by_name(self):
        made = flow()
        made.register("also", ["shout"], 0.25, str.upper)
        self.assertEqual(made.models("shout"), ["also", "small", "large"])

    def test_a_skill_that_nobody_has_is_refused(self):
        with self.assertRaisesRegex(NoModel, "no model can do 'sing'"):
            flow().run("sing", "la")

    def test_a_budget_is_never_exceeded(self):
        made = flow(budget=0.5)
        made.run("shout", "a")
        made.run("shout", "b")
        with self.assertRaises(NoModel):
            made.run("shout", "c")
        self.assertEqual(made.spent(), 0.5)

    def test_a_negative_cost_is_refused(self):
        with self.assertRaises(ValueError):
            OneFlowAI().register("free", ["shout"], -1, str.upper)

    def test_a_pipeline_adds_up_and_is_counted(self):
        made = flow()
        reply = made.pipeline(["title", "shout"], "good morning")
        self.assertEqual((reply.text, reply.model, reply.cost), ("GOOD MORNING", "large > small", 0.75))
        self.assertEqual(made.analytics(), {"large": {"calls": 1, "cost": 0.5}, "small": {"calls": 1, "cost": 0.25}})


class HealthCheck(unittest.TestCase):
    def test_health_tells_the_version_and_other_paths_are_not_found(self):
        with ThreadingHTTPServer(("127.0.0.1", 0), Health) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                base = f"http://127.0.0.1:{server.server_port}"
                with urlopen(f"{base}/health") as answer:
                    self.assertEqual(json.load(answer), {"status": "ok", "version": __version__})
                with self.assertRaises(HTTPError) as caught:
                    urlopen(f"{base}/other")
                self.assertEqual(caught.exception.code, 404)
                caught.exception.close()
            finally:
                server.shutdown()
                thread.join()


if __name__ == "__main__":
    unittest.main()
