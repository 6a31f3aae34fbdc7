"""The first border, before any of it means something: bytes that claim to be YAML."""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from repository import ROOT, examples

from grader.core.course.draws.draw import Draw
from grader.core.course.draws.normal import Normal
from grader.core.course.draws.scale_of import ScaleOf
from grader.core.course.draws.uniform import Uniform
from grader.core.course.exercise import Coded, Exercise, Stated
from grader.core.run.plan import graph_job, probe_numbers, program_jobs
from grader.core.stated.judge import ask_allowed
from grader.core.words.errors import CourseInvalid
from grader.sandbox.wire.jobs import job_content, probe_content, to_child
from grader.store.course.course_files import find_course
from grader.store.yaml import nodes as yaml_nodes
from grader.store.yaml.nodes import Mapping, Node, Scalar, Sequence, parse_yaml

FUZZ = settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def told(content: bytes | str) -> list[str]:
    """Return what is said against a file, a sentence a fault; empty where nothing is."""
    data = content.encode() if isinstance(content, str) else content
    try:
        parse_yaml(data, "a.yaml")
    except CourseInvalid as error:
        return [f"{fault.at}: {fault.message.said(str)}" for fault in error.faults]
    return []


def plain(node: Node) -> object:
    """Return a tree without its places."""
    match node:
        case Scalar(text=text):
            return text
        case Sequence(items=items):
            return [plain(item) for item in items]
        case Mapping(entries=entries):
            return {key.text: plain(value) for key, value in entries}


def test_a_plain_number_keeps_its_zero() -> None:
    assert plain(parse_yaml(b"id: 4.10", "a.yaml")) == {"id": "4.10"}


def test_quotes_are_seen() -> None:
    node = parse_yaml(b"a: 4.1\nb: '4.1'", "a.yaml")
    assert isinstance(node, Mapping)
    assert [value.plain for _, value in node.entries if isinstance(value, Scalar)] == [True, False]


def test_a_node_knows_its_line_and_column() -> None:
    node = parse_yaml(b"a:\n  b: 1\n", "a.yaml")
    assert isinstance(node, Mapping) and isinstance(node.entries[0][1], Mapping)
    assert str(node.entries[0][1].entries[0][1].at) == "a.yaml:2:6"


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert plain(parse_yaml("\ufeffa: 1".encode(), "a.yaml")) == {"a": "1"}


def test_an_empty_file_has_no_keys() -> None:
    assert plain(parse_yaml(b"# nothing yet\n", "a.yaml")) == {}


def test_a_tag_makes_nothing_but_text() -> None:
    assert plain(parse_yaml(b"a: !!python/object/apply:os.system [echo]", "a.yaml")) == {"a": ["echo"]}


def test_a_duplicate_key_is_told_with_the_line_of_the_first() -> None:
    assert told("a: 1\nb: 2\na: 3\n") == ["a.yaml:3:1: duplicate key a; first in line 1"]


def test_every_duplicate_key_of_a_mapping_is_told() -> None:
    assert told("{a: 1, b: 2, a: 3, b: 4}") == [
        "a.yaml:1:14: duplicate key a; first in line 1",
        "a.yaml:1:20: duplicate key b; first in line 1",
    ]


def test_a_tab_is_told_where_it_stands() -> None:
    assert told("a:\n\tb: 1\n") == ["a.yaml:2:1: this line is indented with a tab; YAML allows only spaces"]


def test_a_tab_after_spaces_is_told() -> None:
    assert told("a:\n  b: 1\n  \tc: 2\n") == ["a.yaml:3:3: this line is indented with a tab; YAML allows only spaces"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a:\n  b: 1\n   c: 2\n", "3:5"),
        ("a:\n   b: 1\n  c: 2\n", "3:3"),
        ("a:\n  - b: 1\n    c: 2\n   d: 3\n", "4:4"),
    ],
)
def test_a_line_at_the_wrong_column_is_told(text: str, place: str) -> None:
    said = "wrong indentation: lines that belong together must start in the same column"
    assert told(text) == [f"a.yaml:{place}: {said}"]


def test_text_after_a_closed_quote_is_not_taken_for_indentation() -> None:
    assert told('a: "x" y\n')[0].startswith("a.yaml:1:8: this is not YAML")


def test_a_second_colon_in_a_line_is_told() -> None:
    assert told("title: Loss: a square\n") == ["a.yaml:1:12: a second colon in one line: put the text in quotes"]


def test_a_bracket_that_is_never_closed_is_told() -> None:
    assert told("a: [1, 2\nb: 3\n") == [
        "a.yaml:2:2: this is not YAML: while parsing a flow sequence did not find expected ',' or ']'"
    ]


def test_a_quote_that_is_never_closed_is_told_where_it_begins() -> None:
    assert told('a: 1\nb: "text\nc: 2\n') == [
        "a.yaml:2:4: this is not YAML: while scanning a quoted scalar found unexpected end of stream"
    ]


def test_a_key_that_is_no_word_is_told() -> None:
    assert told("? [a, b]\n: 1\n") == ["a.yaml:1:3: a key must be a single word"]


def test_an_alias_is_refused_so_that_nothing_unfolds_without_end() -> None:
    assert told("a: &a [x]\nb: [*a, *a]\n") == ["a.yaml:2:5: aliases (*name) are not supported: repeat the text"]


def test_a_second_document_is_told() -> None:
    assert told("a: 1\n---\nb: 1\n") == ["a.yaml:3:1: only one document is read: put everything before the second ---"]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused(opening: str) -> None:
    (fault,) = told(opening * 500)
    assert fault == f"a.yaml:1:{40 * len(opening) + 1}: nested too deeply"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_the_deepest_nesting_is_refused_with_the_same_words(opening: str) -> None:
    (fault,) = told(opening * 100_000)
    # PyYAML from 6.0.4 on stops reading ahead there; before it is our own limit that is met first.
    places = (40 * len(opening) + 1, 1001)
    assert fault in [f"a.yaml:1:{place}: nested too deeply" for place in places]


def test_bytes_that_are_no_utf_8_are_told_with_their_line() -> None:
    assert told(b"a: 1\nb: \xff\n") == ["a.yaml:2: this is not UTF-8 text; save the file again as UTF-8"]


def test_a_control_character_is_told_where_it_stands() -> None:
    assert told("a: 1\nb: x\x00y\n") == ["a.yaml:2:5: this file has characters that YAML does not allow"]


def test_a_file_of_more_than_a_megabyte_is_refused() -> None:
    assert told(b"# " + b"x" * 2**20) == ["a.yaml: this file is larger than 1024 KiB"]


def test_a_file_of_exactly_a_megabyte_is_read() -> None:
    assert told(b"#" + b"x" * (2**20 - 1)) == []


# What follows throws arbitrary files at the border: each is read, or refused with faults that can be said.

WORDS = [
    *("format_version", "id", "title", "prompt", "uz", "en", "graph", "at", "arriving", "asks", "reveal", "without"),
    *("name", "of", "points", "expect", "digits", "checks", "run", "script", "definitions", "call", "given", "args"),
    *("examples", "repeat", "needs", "shape", "dtype", "limits", "wall", "cpu", "memory", "output", "compare", "value"),
    *("gradient", "trace", "stores", "final", "parameter", "loss", "uniform", "normal", "scale_of", "by", "size"),
    *(
        "optional",
        "true",
        "exact",
        "any",
        "autograd",
        "languages",
        "lectures",
        "x",
        "y",
        "w",
        "forward",
        "d loss / d w",
    ),
    *("forward(x)", "loss(y_pred, y)", "x * w", "y = x ** 2", "float32", "5 s", "512 MiB", "4.1", "4.5", "", "~", "<<"),
]
NUMBERS = st.sampled_from(["0", "1", "2", "-8", "0.5", "1e-2", "1e400", "nan", ".inf", "-0", "1_0", "0x8", "3:30"])
LEAVES = st.one_of(
    st.sampled_from(WORDS), NUMBERS, st.text(max_size=12), st.integers(), st.floats(), st.booleans(), st.none()
)
KEYS = st.one_of(st.sampled_from(WORDS), st.text(max_size=6))
STRUCTURES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=6)),
    max_leaves=25,
)
TEXTS = st.one_of(
    st.text(),
    st.text(alphabet="abd xyw=*/+-^()[]{}:,#'\"|>&!%@`?~\t\n\r 0189._\x85\u2028\ufeffŷ", max_size=200),
    st.lists(
        st.sampled_from([*WORDS, ": ", "- ", "\n", "\n  ", "\n    ", "{", "}", "[", "]", ", ", "'", '"', "|"])
    ).map("".join),
)
LINES = sorted(
    {
        line
        for path in (*ROOT.glob("exercises/*/exercise.yaml"), ROOT / "course.yaml")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
)
REAL = sorted(path.parent.name for path in ROOT.glob("exercises/*/exercise.yaml"))


def places(node: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Yield the path of every value in a structure."""
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield (*path, key)
            yield from places(value, (*path, key))


def at(node: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        node = node[key]
    return node


WHOLE = {id: yaml.safe_load((ROOT / "exercises" / id / "exercise.yaml").read_text(encoding="utf-8")) for id in REAL}
PARTS = [at(WHOLE[id], path) for id in REAL for path in places(WHOLE[id])]
EDGES = [
    *(0, -1, 1e308, -1e308, 1e-308, "1e400", "nan", "−3", "1,5", "9" * 400, "9" * 400 + " GB", [], {}, [[]], "", None),
    *(
        {"parameter": {"of": "x * w"}},
        {"uniform": [0, 1e300]},
        {"gradient": []},
        {"trace": []},
        ["forward()"],
        [0.5, 3],
    ),
    *(
        "loss = w ** 1e9",
        "y = exp(x)",
        "y_hat = x * 1e308 * w",
        "s = ŷ",
        "d L / d w",
        "log(x)",
        "x / y",
        "4.1",
        "script",
    ),
]


class _NoAliases(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):
    def ignore_aliases(self, data: object) -> bool:
        return True


def dumped(content: object, wide: bool) -> str:
    return yaml.dump(content, Dumper=_NoAliases, allow_unicode=wide, sort_keys=False)


@st.composite
def bent(draw: st.DrawFn, exercise_id: str) -> str:
    """An exercise of the course with a few values gone, or replaced by another's, or by something odd."""
    content = copy.deepcopy(WHOLE[exercise_id]) | {"id": "4.1"}
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(places(content)) or [("id",)]))
        around, key = at(content, path[:-1]), path[-1]
        other = st.one_of(st.sampled_from(EDGES), st.sampled_from(EDGES), st.sampled_from(PARTS), STRUCTURES)
        match draw(st.sampled_from(["replace", "replace", "replace", "delete", "add"])):
            case "replace":
                around[key] = copy.deepcopy(draw(other))
            case "delete":
                del around[key]
            case _ if isinstance(around, dict):
                around[draw(KEYS)] = copy.deepcopy(draw(other))
            case _:
                around.append(copy.deepcopy(draw(other)))
    return dumped(content, wide=draw(st.booleans()))


@st.composite
def mutated(draw: st.DrawFn, path: str) -> str:
    """A real file of the course with a few of its lines gone, doubled, changed or in another place."""
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(len(lines) - 1, 0)))
        line = lines[place] if lines else ""
        match draw(st.sampled_from(["delete", "double", "replace", "indent", "cut", "word", "swap"])):
            case "delete":
                del lines[place : place + draw(st.integers(1, 3))]
            case "double":
                lines.insert(place, line)
            case "replace":
                lines[place : place + 1] = [draw(st.sampled_from(LINES))]
            case "indent":
                lines[place : place + 1] = [draw(st.sampled_from(["  ", "\t", " - "])) + line]
            case "cut":
                lines[place : place + 1] = [line[: draw(st.integers(0, len(line)))]]
            case "word":
                words = line.split(" ")
                words[draw(st.integers(0, len(words) - 1))] = draw(st.one_of(st.sampled_from(WORDS), NUMBERS))
                lines[place : place + 1] = [" ".join(words)]
            case _:
                lines.insert(draw(st.integers(0, len(lines))), line)
    return "\n".join(lines)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose files are overwritten again and again."""
    root = tmp_path_factory.mktemp("fuzz")
    (root / "exercises" / "4.1").mkdir(parents=True)
    (root / "exercises" / "4.1" / "starter.py").write_text("")
    return root


@pytest.fixture(scope="module", params=["CSafeLoader", "SafeLoader"])
def _with_and_without_the_c_parser(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_nodes, "_Loader", getattr(yaml, request.param))
        yield


def read_or_refused(root: Path, name: str, content: bytes | str) -> None:
    """Put `content` in the place of one file: the course is read, and its probes drawn, or every fault can be said."""
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    (root / "course.yaml").write_bytes((ROOT / "course.yaml").read_bytes())
    (root / "exercises" / "4.1" / "exercise.yaml").write_bytes((ROOT / "exercises/4.1/exercise.yaml").read_bytes())
    (root / name).write_bytes(data)
    breaks = sum(data.decode("utf-8", "replace").count(end) for end in "\n\r\x85\u2028\u2029")
    try:
        exercise = find_course(root).exercise("4.1")
    except CourseInvalid as error:
        refused = error
    else:
        plannable(exercise)
        return
    assert refused.faults
    for fault in refused.faults:
        assert fault.message.said(str)
        assert fault.at.file.endswith(name)
        assert fault.at.line <= breaks + 1


def plannable(exercise: Exercise) -> None:
    """Nothing that was read may fail later: values are finite, and every probe can be drawn and sent."""
    assert exercise.max_score >= 0
    match exercise.work:
        case Stated() as stated:
            to_child(job_content(graph_job(stated), "scratch"))
            for ask in stated.asks:
                assert ask_allowed(ask, stated.graph.answer(ask.question, stated.at)) > 0
        case Coded() as coded:
            assert coded.checks
            for check in coded.checks:
                assert check.compare
                for draw in (*check.args.values(), *(given.draw for given in check.given.values())):
                    drawable(draw)
                assert probe_numbers(check, b"seed")
                for job in program_jobs(check, "", "a.py", b"seed", coded):
                    to_child(job_content(job, "scratch"))
                    for probe in job.probes:
                        to_child(probe_content(probe))


def drawable(draw: Draw) -> None:
    """A range must leave room for numbers: looking for one in [0, 1e300] or in [1, 1.0000000000000002] never ends."""
    match draw:
        case Uniform(low, high, size) | Normal(low, high, size):
            spread = high - low if isinstance(draw, Uniform) else high
            assert 1e-30 < spread < 1e15
            assert math.ulp(max(abs(low), abs(high))) < spread / 1000
            assert math.prod(size) <= 10**6
        case ScaleOf(by=by):
            drawable(by)


@pytest.mark.usefixtures("_with_and_without_the_c_parser")
@pytest.mark.parametrize("name", ["course.yaml", "exercises/4.1/exercise.yaml"])
class TestAnyFileIsReadOrRefusedWithFaults:
    @FUZZ
    @given(content=st.binary())
    def test_of_arbitrary_bytes(self, folder: Path, name: str, content: bytes) -> None:
        read_or_refused(folder, name, content)

    @FUZZ
    @given(content=TEXTS)
    def test_of_arbitrary_text(self, folder: Path, name: str, content: str) -> None:
        read_or_refused(folder, name, content)

    @FUZZ
    @given(content=STRUCTURES)
    def test_of_arbitrary_structure(self, folder: Path, name: str, content: object) -> None:
        read_or_refused(folder, name, dumped(content, wide=True))


@settings(FUZZ, max_examples=examples(250))
@given(content=st.sampled_from(REAL).flatmap(lambda id: mutated(f"exercises/{id}/exercise.yaml")))
def test_a_file_of_the_course_with_other_lines_is_read_or_refused_with_faults(folder: Path, content: str) -> None:
    read_or_refused(folder, "exercises/4.1/exercise.yaml", re.sub(r'^id: "4\..*"', 'id: "4.1"', content, flags=re.M))


@settings(FUZZ, max_examples=examples(300))
@given(content=st.sampled_from(REAL).flatmap(bent))
def test_a_file_of_the_course_with_other_values_is_read_or_refused_with_faults(folder: Path, content: str) -> None:
    read_or_refused(folder, "exercises/4.1/exercise.yaml", content)


@FUZZ
@given(content=mutated("course.yaml"))
def test_a_changed_course_file_is_read_or_refused_with_faults(folder: Path, content: str) -> None:
    read_or_refused(folder, "course.yaml", content)


YAML_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff\u2028\u2029")
)


@FUZZ
@given(
    content=st.recursive(
        YAML_TEXT,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(YAML_TEXT, inner, max_size=4)),
        max_leaves=15,
    ),
    wide=st.booleans(),
)
def test_what_was_written_is_what_is_read(content: object, wide: bool) -> None:
    assert plain(parse_yaml(dumped(content, wide).encode(), "a.yaml")) == content
