"""What a new course and a new exercise begin with: the files of `grader/templates`, in the languages of the course.

Templates hold their texts in every language that we write. An entry `uz: …` beside `en: …` stays where the course has
that language; a comment `# uz: …` likewise. Jinja2 fills in the rest, between << and >>: GitHub's files have braces of
their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined

import grader
from grader import LANGUAGES
from grader.core.course.course import Course
from grader.store.course.schemas import SCHEMAS, schema_text
from grader.store.yaml.writer import quoted

_FOLDER = Path(grader.__file__).parent / "templates"
_COMMENT = re.compile(r"(\s*# )(uz|en): (.*)")
_ENTRY = re.compile(r"( +)(uz|en): ")
_OF_STUDENTS = ("exercise.yaml", "starter.py.tmpl", "tests/test_open.py.tmpl")


def course_files(course_id: str, languages: Sequence[str], title: str | None, grader: str) -> dict[str, str]:
    """Return the files of a new course that belong to no exercise: path to text.

    Args:
        grader: what requirements.txt calls the grader.
    """
    spoken = ours(languages)
    shown = " ".join((title or {"uz": "Mening kursim", "en": "My course"}[spoken[0]]).split())
    readme = "\n".join(_filled(f"course/README.{one}.md.tmpl", languages, title=shown) for one in spoken)
    own = _own_title(languages, title)
    return {
        "course.yaml": _filled("course/course.yaml", languages, id=course_id, title=own),
        "README.md": readme,
        ".gitignore": _filled("course/gitignore.tmpl", languages),
        ".gitattributes": _filled("course/gitattributes.tmpl", languages),
        ".github/workflows/course.yml": _filled("ci/course-github.yml", languages),
        ".gitlab-ci.yml": _filled("ci/course-gitlab.yml", languages),
        "requirements.txt": _filled("ci/requirements.txt", languages, grader=grader),
        **schema_files(),
    }


def student_files(asked: str, languages: Sequence[str], grader: str) -> dict[str, str]:
    """Return what lets a student's repository grade itself: path to text.

    Args:
        asked: the exercises, as `course submit` takes them.
        grader: what requirements.txt calls the grader.
    """
    files = {".github/workflows/grade.yml": "student-github.yml", ".gitlab-ci.yml": "student-gitlab.yml"}
    filled = {path: _filled(f"ci/{name}", languages, asked=asked) for path, name in files.items()}
    return {**filled, "requirements.txt": _filled("ci/requirements.txt", languages, grader=grader)}


def gradescope_scripts(asked: str, languages: Sequence[str]) -> dict[str, str]:
    """Return the scripts of Gradescope's autograder: name to text."""
    values = {"asked": asked, "language": ours(languages)[0]}
    return {name: _filled(f"ci/{name}", languages, **values) for name in ("setup.sh", "run_autograder")}


def exercise_files(exercise_id: str, kind: str, languages: Sequence[str], title: str | None) -> dict[str, str]:
    """Return the files of a new exercise of one of the kinds of `course new`: path below the course's root to text."""
    files: dict[str, str] = {}
    for path in sorted((_FOLDER / kind).rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(_FOLDER / kind).as_posix()
        side = "exercises" if name in _OF_STUDENTS else "solutions"
        text = _filled(f"{kind}/{name}", languages, id=exercise_id, title=_own_title(languages, title))
        files[f"{side}/{exercise_id}/{name.removesuffix('.tmpl')}"] = text
    return files


def released_course(course: Course) -> str:
    """Return the course.yaml of the students' copy: no policies, which may name people, and no gradebook."""
    return _filled("release/course.yaml", course.languages, course=course)


def released_readme(course: Course, first: str, program: str, stated: str, wheel: str, offline: bool) -> str:
    """Return the README of the students' copy, in the languages of the course that we write."""
    values: dict[str, object] = {"first": first, "program": program, "stated": stated}
    values |= {"wheel": wheel, "offline": offline}
    own = course.hand_in
    return "\n".join(
        _filled(
            f"release/README.{one}.md.tmpl",
            course.languages,
            title=" ".join(course.title.said_in(one).split()),
            hand_in=" ".join(own.said_in(one).split()) if own else "",
            **values,
        )
        for one in ours(course.languages)
    )


def schema_files() -> dict[str, str]:
    """Return the schemas that the files' first lines point at: path to text."""
    return {f".schemas/{name}.schema.json": schema_text(name) for name in SCHEMAS}


def ours(languages: Sequence[str]) -> list[str]:
    """Return those of the languages that have templates; English if none has."""
    return [language for language in languages if language in LANGUAGES] or ["en"]


def entries(text: Mapping[str, str]) -> str:
    """Return the lines of a text in several languages, indented below its key."""
    return "".join(f"  {language}: {quoted(words)}\n" for language, words in text.items())


def _own_title(languages: Sequence[str], title: str | None) -> Mapping[str, str] | None:
    """Return a title of the author's own in every language; None where the template's is kept."""
    return None if title is None else dict.fromkeys(languages, title)


def _filled(name: str, languages: Sequence[str], **values: object) -> str:
    """Return a template in these languages, with the values that it names filled in."""
    text = (_FOLDER / name).read_text(encoding="utf-8")
    # A program's comments are read by students of every language, a YAML file's by its author.
    comments = ours(languages) if ".py" in name else ours(languages)[:1]
    return _jinja().from_string(_in_languages(text, languages, comments)).render(languages=languages, **values)


@cache
def _jinja() -> Environment:
    jinja = Environment(  # noqa: S701 - what is written is YAML, Markdown and shell, where HTML's escapes would be wrong
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    jinja.filters |= {"quoted": quoted, "entries": lambda text: entries(dict(text)).rstrip("\n")}
    return jinja


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
