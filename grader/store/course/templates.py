"""What a new course and a new exercise begin with: the files of `grader/templates`, in the languages of the course.

Templates hold their texts in every language that we write. An entry `uz: …` beside `en: …` stays where the course has
that language; a comment `# uz: …` likewise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from string import Template

import grader
from grader import LANGUAGES
from grader.core.course.exercise import Course
from grader.store.course.schemas import SCHEMAS, schema_text
from grader.store.yaml.writer import quoted

_FOLDER = Path(grader.__file__).parent / "templates"
_COMMENT = re.compile(r"(\s*# )(uz|en): (.*)")
_ENTRY = re.compile(r"( +)(uz|en): ")
_ID = "9.9"
_OF_STUDENTS = ("exercise.yaml", "starter.py.tmpl", "tests/test_open.py.tmpl")
_ASKED = "EXERCISES"
_PACKAGE = "course-grader"


def course_files(course_id: str, languages: Sequence[str], title: str | None) -> dict[str, str]:
    """Return the files of a new course that belong to no exercise: path to text."""
    text = _read("course/course.yaml", languages)
    text = text.replace("id: my-course", f"id: {quoted(course_id)}").replace("[uz, en]", f"[{', '.join(languages)}]")
    text = _titled(text, languages, title)
    spoken = ours(languages)
    shown = " ".join((title or {"uz": "Mening kursim", "en": "My course"}[spoken[0]]).split())
    readme = "\n".join(
        Template(_read(f"course/README.{one}.md.tmpl", languages)).substitute(title=shown) for one in spoken
    )
    return {
        "course.yaml": text,
        "README.md": readme,
        ".gitignore": _read("course/gitignore.tmpl", languages),
        ".github/workflows/course.yml": _read("ci/course-github.yml", languages),
        ".gitlab-ci.yml": _read("ci/course-gitlab.yml", languages),
        "requirements.txt": _requirements(languages),
        **schema_files(),
    }


def student_files(asked: str, languages: Sequence[str]) -> dict[str, str]:
    """Return what lets a student's repository grade itself: path to text.

    Args:
        asked: the exercises, as `course submit` takes them.
    """
    files = {
        ".github/workflows/grade.yml": "student-github.yml",
        ".gitlab-ci.yml": "student-gitlab.yml",
        "classroom50/autograder.py": "classroom50.py.tmpl",
    }
    requirements = dict.fromkeys(("requirements.txt", "classroom50/requirements.txt"), _requirements(languages))
    return {path: _read(f"ci/{name}", languages).replace(_ASKED, asked) for path, name in files.items()} | requirements


def gradescope_scripts(asked: str, languages: Sequence[str]) -> dict[str, str]:
    """Return the scripts of Gradescope's autograder: name to text."""
    spoken = ours(languages)[0]
    return {
        name: _read(f"ci/{name}", languages).replace(_ASKED, asked).replace("LANGUAGE", spoken)
        for name in ("setup.sh", "run_autograder")
    }


def _requirements(languages: Sequence[str]) -> str:
    """Return requirements.txt: the grader from where it was installed here, if that was a repository."""
    text = _read("ci/requirements.txt", languages)
    try:
        origin = json.loads(distribution(_PACKAGE).read_text("direct_url.json") or "{}")
        where = f"{origin['vcs_info']['vcs']}+{origin['url']}@{origin['vcs_info']['commit_id']}"
    except (PackageNotFoundError, KeyError):
        return text
    return re.sub(f"^{_PACKAGE}$", lambda _: f"{_PACKAGE} @ {where}", text, flags=re.MULTILINE)


def exercise_files(exercise_id: str, kind: str, languages: Sequence[str], title: str | None) -> dict[str, str]:
    """Return the files of a new exercise, `stated`, `code` or `tests`: path below the course's root to text."""
    files: dict[str, str] = {}
    for path in sorted((_FOLDER / kind).rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(_FOLDER / kind).as_posix()
        side = "exercises" if name in _OF_STUDENTS else "solutions"
        text = _read(f"{kind}/{name}", languages).replace(_ID, exercise_id)
        files[f"{side}/{exercise_id}/{name.removesuffix('.tmpl')}"] = (
            _titled(text, languages, title) if name == "exercise.yaml" else text
        )
    return files


def released_course(course: Course) -> str:
    """Return the course.yaml of the students' copy: no policies, which may name people, and no gradebook."""
    lectures = "".join(
        f"  - id: {quoted(lecture.id)}\n    title: {{{_inline(dict(lecture.title.texts))}}}\n"
        for lecture in course.lectures
    )
    return (
        f"format_version: 1\nid: {quoted(course.id)}\ntitle:\n{entries(dict(course.title.texts))}"
        f"languages: [{', '.join(course.languages)}]\nlectures:{chr(10) + lectures if lectures else ' []' + chr(10)}"
        + (f"extensions: [{', '.join(course.extensions)}]\n" if course.extensions else "")
    )


def released_readme(course: Course, first: str, program: str, stated: str) -> str:
    """Return the README of the students' copy, in the languages of the course that we write."""
    return "\n".join(
        Template((_FOLDER / f"release/README.{one}.md.tmpl").read_text(encoding="utf-8")).substitute(
            title=" ".join(course.title.said_in(one).split()), first=first, program=program, stated=stated
        )
        for one in ours(course.languages)
    )


def _inline(texts: Mapping[str, str]) -> str:
    return ", ".join(f"{language}: {quoted(words)}" for language, words in texts.items())


def schema_files() -> dict[str, str]:
    """Return the schemas that the files' first lines point at: path to text."""
    return {f".schemas/{name}.schema.json": schema_text(name) for name in SCHEMAS}


def ours(languages: Sequence[str]) -> list[str]:
    """Return those of the languages that have templates; English if none has."""
    return [language for language in languages if language in LANGUAGES] or ["en"]


def entries(text: Mapping[str, str]) -> str:
    """Return the lines of a text in several languages, indented below its key."""
    return "".join(f"  {language}: {quoted(words)}\n" for language, words in text.items())


def _read(name: str, languages: Sequence[str]) -> str:
    text = (_FOLDER / name).read_text(encoding="utf-8")
    # A program's comments are read by students of every language, a YAML file's by its author.
    return _in_languages(text, languages, ours(languages) if ".py" in name else ours(languages)[:1])


def _titled(text: str, languages: Sequence[str], title: str | None) -> str:
    if title is None:
        return text
    lines = "title:\n" + entries(dict.fromkeys(languages, title))
    return re.sub(r"^title:\n(?:  .*\n)+", lambda _: lines, text, count=1, flags=re.MULTILINE)


def _in_languages(text: str, languages: Sequence[str], comments: Sequence[str]) -> str:
    """Keep the comments of the languages `comments`, and give each text in the languages of the course."""
    kept: list[str] = []
    block: dict[str, list[str]] = {}
    lines = text.splitlines()
    for place, line in enumerate([*lines, ""]):
        entry, comment = _ENTRY.match(line), _COMMENT.fullmatch(line)
        if entry:
            indent = entry[1]
            block[entry[2]] = [line]
        elif block and place < len(lines) and (not line.strip() or line.startswith(indent + " ")):
            block[next(reversed(block))].append(line)
        else:
            for language in languages if block else ():
                own = block.get(language) or block["en"]
                kept += [re.sub(r"^( +)(uz|en): ", rf"\g<1>{language}: ", own[0]), *own[1:]]
            block = {}
            if comment is None:
                kept.append(line)
            elif comment[2] in comments:
                kept.append(comment[1] + comment[3])
    return "\n".join(kept[:-1]) + "\n"
