"""What pages show while a teacher edits the course: of each file the last version that was right."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from served import Served, hand_in, page_of

from grader.core.course.policies.showing import Showing
from grader.server import last_right
from grader.store.course.course_files import find_course


@pytest.fixture
def root(served: Served, tmp_path: Path) -> Path:
    """Return the folder of the course that is served: a copy, which a test may change."""
    root = tmp_path / "course"
    shutil.copytree(served.service.files.root, root)
    served.service = replace(served.service, files=find_course(root))
    return root


def save(path: Path, text: str, seconds_ago: float = 60) -> None:
    """Write a file as if that was so long ago."""
    path.write_text(text, encoding="utf-8")
    at = time.time() - seconds_ago
    os.utime(path, (at, at))


def moved_due(root: Path, due: datetime) -> str:
    text = (root / "course.yaml").read_text(encoding="utf-8")
    assert "'4.2': 2020-01-01 12:00" in text
    return text.replace("'4.2': 2020-01-01 12:00", f"'4.2': {due:%Y-%m-%d %H:%M}")


class TestExercises:
    def test_a_slip_in_a_file_takes_no_page_and_no_hand_in_away(self, served: Served, root: Path) -> None:
        mine = served.as_("s001")
        address = page_of(hand_in(mine, "4.1", dloss_dw="-8"))
        served.judge()
        declared = root / "exercises" / "4.1" / "exercise.yaml"
        text = declared.read_text(encoding="utf-8")
        save(declared, f"{text}secret: 15\n", 30)
        assert "Score: 1 of 1" in mine.get(address).text and "secret" not in mine.get("/exercises/4.1").text
        page_of(hand_in(mine, "4.1", dloss_dw="-4"))
        told = [line for line in served.told.troubles if "4.1/exercise.yaml:" in line]
        assert len(told) == 1 and served.told.troubles[-1] == "Pages go on with exercise 4.1 as it was before."
        save(declared, text.replace("dloss_dw", "dloss_dv"), 20)
        assert "answer-dloss_dv" in mine.get("/exercises/4.1").text

    def test_one_that_is_written_now_is_read_when_that_is_over(
        self, served: Served, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mine, declared = served.as_("s001"), root / "exercises" / "4.1" / "exercise.yaml"
        assert "answer-dloss_dw" in mine.get("/exercises/4.1").text
        changed = declared.read_text(encoding="utf-8").replace("dloss_dw", "dloss_dv")
        monkeypatch.setattr(last_right, "_STILL", 3600.0)
        save(declared, changed, 60)
        assert "answer-dloss_dw" in mine.get("/exercises/4.1").text
        monkeypatch.setattr(last_right, "_STILL", 30.0)
        assert "answer-dloss_dv" in mine.get("/exercises/4.1").text

    def test_one_that_is_new_is_not_shown_before_the_next_start(self, served: Served, root: Path) -> None:
        draft = root / "exercises" / "4.9"
        shutil.copytree(root / "exercises" / "4.1", draft)
        declared = draft / "exercise.yaml"
        save(declared, declared.read_text(encoding="utf-8").replace('"4.1"', '"4.9"'))
        mine = served.as_("s001")
        assert mine.get("/exercises/4.9").status_code == 404 and "4.9" not in mine.get("/exercises").text
        served.service = replace(served.service)
        assert served.as_("s001").get("/exercises/4.9").status_code == 200


class TestCourse:
    def test_a_due_date_that_is_moved_keeps_feedback_back_at_once(self, served: Served, root: Path) -> None:
        served.service.rules.set({"4.2": Showing.AFTER_DUE}, served.person("Nodira").id)
        mine = served.as_("s001")
        address = page_of(hand_in(mine, "4.2", dL_dx="15", dL_dy="10"))
        served.judge()
        assert "Score: 2 of 2" in mine.get(address).text
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        save(root / "course.yaml", moved_due(root, tomorrow))
        assert "Score" not in mine.get(address).text and f"{tomorrow:%Y-%m-%d}" in mine.get(address).text

    def test_one_that_is_not_right_changes_nothing_and_is_told_once(self, served: Served, root: Path) -> None:
        mine = served.as_("s001")
        before = mine.get("/exercises/4.2").text.count("2020-01-01")
        text = (root / "course.yaml").read_text(encoding="utf-8")
        save(root / "course.yaml", text + "polices: {}\n")
        for _ in range(2):
            assert mine.get("/exercises/4.2").text.count("2020-01-01") == before > 0
        assert len([line for line in served.told.troubles if "course.yaml:" in line and "polices" in line]) == 1
        save(root / "course.yaml", text.replace("2020-01-01", "2020-01-02"), 30)
        assert "2020-01-02" in mine.get("/exercises/4.2").text

    def test_one_that_is_half_written_or_gone_changes_nothing(
        self, served: Served, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mine, course = served.as_("s001"), root / "course.yaml"
        text = course.read_text(encoding="utf-8")
        monkeypatch.setattr(last_right, "_STILL", 3600.0)
        save(course, text[: text.index("policies:")], 60)
        assert "2020-01-01" in mine.get("/exercises/4.2").text
        course.unlink()
        # A folder above may hold another course.
        save(root.parent / "course.yaml", text)
        served.service.read_course()
        assert served.service.files.root == root and "cannot be read" in served.told.troubles[-1]
        assert mine.get("/exercises/4.2").status_code == 200
