"""Reads course.yaml."""

from __future__ import annotations

from collections.abc import Sequence

from grader.core.course.course import Course, Lecture
from grader.core.course.feedback import Tells
from grader.core.course.policies.policy import Policy
from grader.core.words.message import Text, say
from grader.store.course.policies.policy import read_policy
from grader.store.course.single_sign_on import read_single_sign_on
from grader.store.yaml import nodes as y
from grader.store.yaml.nodes import Node
from grader.store.yaml.reader import Reading

FORMAT_VERSION = 1
_PACKAGE = r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?"
_GRADEBOOK = "postgresql+psycopg://grader@localhost/grades"
_MODULE = r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*"


def read_course(content: bytes, shown: str, exercise_ids: Sequence[str]) -> Course:
    """Read what course.yaml declares.

    Args:
        shown: what messages call the file.
        exercise_ids: of the course's exercises, which policies may name.

    Raises:
        CourseInvalid: with every fault of it.
    """
    reading = Reading()
    node = y.parse_yaml(content, shown)
    values = reading.fields(
        node,
        {
            "format_version": lambda version: reading.whole(version, 1, FORMAT_VERSION),
            "id": lambda id: reading.id(id, r"[a-z0-9][a-z0-9-]*", "uz-deep-learning"),
            "title": lambda title: reading.text(title),
            "languages": lambda languages: reading.sequence(
                languages, lambda one: reading.id(one, r"[a-z]{2,3}", "uz")
            ),
            "lectures": lambda lectures: _read_lectures(reading, lectures),
        },
        {
            "policies": lambda policies: read_policy(reading, policies, exercise_ids),
            "gradebook": lambda url: reading.scalar(url, say("an address such as {example}", example=_GRADEBOOK)),
            "check": lambda check: reading.fields(check, {}, {"mutation": reading.share}),
            "plugins": lambda modules: reading.sequence(modules, lambda one: read_plugin(reading, one)),
            "hand_in": reading.text,
            "feedback": lambda feedback: read_feedback(reading, feedback),
            "packages": lambda names: reading.sequence(names, lambda one: reading.id(one, _PACKAGE, "pandas")),
            "oidc": lambda provider: read_single_sign_on(reading, provider),
        },
    )
    gradebook, check = values.get("gradebook"), values.get("check")
    if values.get("languages") == ():
        reading.fault(node, say("at least one language is needed; the first one is the course's own"))
    reading.finish()
    return Course(
        id=values["id"],  # type: ignore[arg-type]
        title=values["title"],  # type: ignore[arg-type]
        languages=values["languages"],  # type: ignore[arg-type]
        lectures=values["lectures"],  # type: ignore[arg-type]
        policy=values.get("policies") or Policy(),  # type: ignore[arg-type]
        gradebook=gradebook.text if isinstance(gradebook, y.Scalar) else None,
        mutation=check.get("mutation") if isinstance(check, dict) else None,
        plugins=values.get("plugins") or (),  # type: ignore[arg-type]
        hand_in=values.get("hand_in"),  # type: ignore[arg-type]
        tells=values.get("feedback") or Tells.CAUSE,  # type: ignore[arg-type]
        packages=values.get("packages"),  # type: ignore[arg-type]
        oidc=values.get("oidc"),  # type: ignore[arg-type]
    )


def read_feedback(reading: Reading, node: y.Node) -> Tells | None:
    """Read how much students are told of a submission: `{submit: place}`."""
    words = [each.value for each in Tells]
    values = reading.fields(node, {"submit": lambda word: reading.word(word, words)}, {})
    word = values.get("submit")
    return Tells(word) if isinstance(word, str) else None


def _read_lectures(reading: Reading, node: y.Node) -> tuple[Lecture, ...]:
    seen: set[str] = set()

    def read(one: y.Node) -> Lecture | None:
        lecture = _read_lecture(reading, one)
        if lecture is not None and lecture.id in seen:
            at = one.get("id") if isinstance(one, y.Mapping) else None
            reading.fault(at or one, say("there are two lectures {id}; each has an id of its own", id=lecture.id))
        seen.update([lecture.id] if lecture else [])
        return lecture

    return reading.sequence(node, read)


def _read_lecture(reading: Reading, node: y.Node) -> Lecture | None:
    values = reading.fields(
        node,
        {"id": lambda id: reading.id(id, r"[0-9]+", '"4"'), "title": lambda title: reading.text(title)},
        {},
    )
    id, title = values.get("id"), values.get("title")
    return Lecture(id, title) if isinstance(id, str) and isinstance(title, Text) else None


def read_plugin(reading: Reading, node: Node) -> str | None:
    """Read the name of a module, and add what it has."""
    module = reading.id(node, _MODULE, "my_kinds.mean")
    if module is None:
        return None
    # Most courses name none, and need no vocabulary before an exercise is read.
    from grader.core.plugins import load_plugin

    fault = load_plugin(module)
    if fault is not None:
        reading.fault(node, fault)
    return module
