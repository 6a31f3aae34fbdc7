"""What other systems take, as they document it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

# What Classroom 50's runner sets for an autograder.
RUNNER = {
    "CLASSROOM": "dl",
    "ASSIGNMENT": "lecture-4",
    "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a1b2c3d",
    "COMMIT_URL": "https://github.com/dl/ali/commit/a1b2c3d",
    "RELEASE_URL": "https://github.com/dl/ali/releases/tag/x",
    "OWNER": "ali",
    "ASSIGNMENT_TYPE": "individual",
}


def hold_to_classroom50(found: Mapping[str, Any]) -> None:
    """Hold a result to what Classroom 50 documents of `classroom50/result/v1`."""
    texts = ("schema", "classroom", "assignment", "submission", "commit", "release", "review", "datetime")
    assert all(isinstance(found[key], str) and found[key] for key in texts)
    assert found["schema"] == "classroom50/result/v1"
    assert datetime.strptime(found["datetime"], "%Y-%m-%dT%H:%M:%SZ")
    for test in found["tests"]:
        assert isinstance(test["test-name"], str) and test["test-name"] and type(test["passed"]) is bool
        assert type(test["score"]) is type(test["max-score"]) is int and 0 <= test["score"] <= test["max-score"]
    assert found["score"] == sum(test["score"] for test in found["tests"])
    assert found["max-score"] == sum(test["max-score"] for test in found["tests"])
    assert json.loads(json.dumps(found, allow_nan=False)) == found


TOP = {"score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility"}
TOP |= {"stdout_visibility", "extra_data", "tests", "leaderboard"}
OF_A_TEST = {"score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags"}
OF_A_TEST |= {"visibility", "extra_data"}


def hold_to_gradescope(found: Mapping[str, Any]) -> None:
    """Hold results to the keys and values that Gradescope specifies."""
    assert set(found) <= TOP and found.get("visibility", "visible") in ("hidden", "visible")
    assert found["output_format"] == "text" and isinstance(found["output"], str)
    for test in found.get("tests", []):
        assert set(test) <= OF_A_TEST and test["status"] in ("passed", "failed")
        assert isinstance(test["name"], str) and isinstance(test["output"], str)
        assert 0 <= test["score"] <= test["max_score"]
    json.dumps(found, allow_nan=False).encode()
