"""What `course init`, `new`, `release` and `export` begin files with: byte for byte, in every choice of languages.

After a change of words that is meant, `python tests/store/course/test_templates.py` writes the digests again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from grader.core.course.course import Course, Lecture
from grader.core.words.message import Text
from grader.store.course import templates

DIGESTS = Path(__file__).parent / "templates.json"
LANGUAGES = (("uz", "en"), ("en",), ("uz",), ("en", "uz", "ru"), ("ru",))
TITLES = (None, 'Deep: "learning" {{ 1 }} << x >> $title \\1')
ASKED = "4.1 4.5"


def written() -> Iterator[tuple[str, str]]:
    """Yield every file that the templates make, by the choices and its path."""
    for languages in LANGUAGES:
        for title in TITLES:
            choice = f"{','.join(languages)} {'titled' if title else ''}".strip()
            for path, text in templates.course_files('my: "course" $x', languages, title, "./grader.whl").items():
                if not path.startswith(".schemas/"):
                    yield f"init {choice} {path}", text
            for kind in ("stated", "code", "module", "numpy", "training", "cost", "device", "tests", "question"):
                for path, text in templates.exercise_files("12.10", kind, languages, title).items():
                    yield f"new {kind} {choice} {path}", text
        choice = ",".join(languages)
        for path, text in templates.student_files(ASKED, languages, "./grader.whl").items():
            yield f"student-ci {choice} {path}", text
        for path, text in templates.gradescope_scripts(ASKED, languages).items():
            yield f"gradescope {choice} {path}", text
        title = Text(tuple((each, f'{each}: "{{{{ 4 }}}}" << x >> $first') for each in languages))
        for lectures in ((), (Lecture("4", title), Lecture("5", title))):
            course = Course("my: course", title, languages, lectures)
            yield f"release {choice} {len(lectures)} course.yaml", templates.released_course(course)
            yield (
                f"release {choice} {len(lectures)} README.md",
                templates.released_readme(course, "4.1", "4.5", "4.2", "grader.whl", offline=False),
            )


def digests() -> dict[str, str]:
    """Return a digest of every file."""
    return {name: hashlib.sha256(text.encode()).hexdigest()[:16] for name, text in written()}


def test_every_file_is_written_byte_for_byte_as_before() -> None:
    assert digests() == json.loads(DIGESTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    DIGESTS.write_text(json.dumps(digests(), indent=1) + "\n", encoding="utf-8")
