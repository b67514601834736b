"""The contract with users: what they rely on may grow, but not change."""

import inspect
import unittest

import src
from src.main import NoModel, OneFlowAI, Reply


def parameters(function):
    """The names of a function's parameters, in order."""
    return [name for name in inspect.signature(function).parameters if name != "self"]


class ApiCompatibility(unittest.TestCase):
    def test_the_methods_take_the_parameters_of_2_0_first(self):
        contract = {
            "register": ["name", "skills", "cost", "answer"],
            "models": ["skill"],
            "run": ["skill", "request"],
            "spent": [],
            "analytics": [],
        }
        for method, promised in contract.items():
            with self.subTest(method):
                self.assertEqual(parameters(getattr(OneFlowAI, method))[: len(promised)], promised)

    def test_it_can_be_made_without_arguments(self):
        self.assertEqual(OneFlowAI().analytics(), {})

    def test_a_reply_tells_text_model_and_cost(self):
        self.assertEqual(list(Reply.__dataclass_fields__), ["text", "model", "cost"])

    def test_a_missing_model_is_still_a_lookup_error(self):
        self.assertTrue(issubclass(NoModel, LookupError))

    def test_the_package_tells_its_version(self):
        self.assertRegex(src.__version__, r"^\d+\.\d+\.\d+")


if __name__ == "__main__":
    unittest.main()
