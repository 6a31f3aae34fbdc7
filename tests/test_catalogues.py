"""Both languages say everything: catalogues complete and in step with the source, and what a student then reads."""

from __future__ import annotations

import ast
import gettext
import io
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from catalogues import CLICK, LANGUAGES, ROOT, catalogue, collected, po_path

UPDATE = "run: .venv/bin/python tests/support/catalogues.py"
SAYING = ("say", "Message", "_", "translate", "gettext")
# Here a message is handed on, not said: the first argument is a literal that stands elsewhere.
HANDED_ON = {
    "grader/core/words/message.py": {"template", "self.template"},
    "grader/cli/language.py": {"text"},
    "grader/store/machine/catalogues.py": {"text"},
}
# ʻ belongs to oʻ and gʻ alone; the tutuq belgisi between other letters is ʼ.
WRONG_APOSTROPHE = re.compile(r"[OoGg]['`´‘’ʼ]|[^OoGg]ʻ|[^\W\d_]['`´‘’][^\W\d_]")

languages = pytest.mark.parametrize("language", LANGUAGES)
Fields = set[tuple[str, str, str]]


def forms(text: object) -> tuple[str, ...]:
    """Return the singular and the plural of a message, or its one text."""
    return (text,) if isinstance(text, str) else tuple(text or ("",))  # type: ignore[arg-type]


def fields(text: str) -> Fields:
    parsed = string.Formatter().parse(text)
    return {(name, spec or "", conversion or "") for _, name, spec, conversion in parsed if name is not None}


def indents(text: str) -> list[int]:
    return [len(line) - len(line.lstrip()) for line in text.split("\n")]


def entries(language: str) -> Iterator[tuple[str, str]]:
    """Return each msgid with its translation; a plural is two of them."""
    for message in catalogue(language):
        if message.id:
            yield from zip(forms(message.id), forms(message.string), strict=True)


def course_says(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `course` with the catalogues as `make` leaves them."""
    for language in LANGUAGES:
        assert compiled(language).is_file(), f"{compiled(language)} is missing; run make, which compiles it"
    command = [sys.executable, "-m", "grader", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=120, check=False)


def compiled(language: str) -> Path:
    return po_path(language).with_suffix(".mo")


@languages
def test_every_message_is_translated(language: str) -> None:
    known = {message.id: message for message in catalogue(language) if message.id}
    missing = [
        msgid
        for msgid in {*collected(), *known}
        if msgid not in known or known[msgid].fuzzy or not all(text.strip() for text in forms(known[msgid].string))
    ]
    assert not missing, f"{language} lacks {missing}; {UPDATE}"


@languages
def test_no_translation_is_left_over(language: str) -> None:
    now = catalogue(language)
    source = collected()
    unused = [m.id for m in now if m.id and m.id not in source and CLICK not in m.user_comments]
    assert not unused and not now.obsolete, f"{language} translates what nobody says: {unused}; {UPDATE}"


@languages
def test_placeholders_and_indents_survive_translation(language: str) -> None:
    changed = [
        (msgid, text)
        for msgid, text in entries(language)
        if fields(msgid) != fields(text) or indents(msgid) != indents(text)
    ]
    assert not changed


@languages
def test_every_message_renders(language: str) -> None:
    file = io.BytesIO()
    write_mo(file, catalogue(language))
    file.seek(0)
    spoken = gettext.GNUTranslations(file)
    for message in catalogue(language):
        if not message.id:
            continue
        singular, plural = forms(message.id)[0], forms(message.id)[-1]
        filling = {name: "7" for name, _, _ in fields(singular) | fields(plural)}
        one = spoken.gettext(singular) if singular == plural else spoken.ngettext(singular, plural, 1)
        many = one if singular == plural else spoken.ngettext(singular, plural, 2)
        assert (one, many) == (forms(message.string)[0], forms(message.string)[-1])
        assert one.format(**filling).strip() and many.format(**filling).strip()


@languages
def test_no_percent_sign_is_taken_for_a_format(language: str) -> None:
    """`10 % of the score` is "% o" to gettext, and then a catalogue cannot be compiled."""
    assert [message.id for message in catalogue(language) if message.python_format] == []


@languages
def test_catalogues_are_compiled(language: str) -> None:
    assert compiled(language).is_file(), f"{compiled(language)} is missing; run make, which compiles it"
    with compiled(language).open("rb") as file:
        same = _texts(read_mo(file)) == _texts(catalogue(language))
    assert same, f"{compiled(language)} is older than its .po file; run make, which compiles it"


def _texts(of: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {forms(m.id): forms(m.string) for m in of if m.id and all(forms(m.string)) and not m.fuzzy}


def test_every_message_is_a_literal_that_can_be_collected() -> None:
    hidden = [
        f"{path}:{call.lineno}: {ast.unparse(call)}"
        for path, call in _sayings()
        if not _is_text(call) and _first(call) not in HANDED_ON.get(path, ())
    ]
    assert not hidden, f"no catalogue can have these: {hidden}"


def _sayings() -> Iterator[tuple[str, ast.Call]]:
    for file in sorted((ROOT / "grader").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            # A method is left alone where str has one of that name.
            if isinstance(node, ast.Call) and (
                (isinstance(node.func, ast.Name) and node.func.id in SAYING)
                or (isinstance(node.func, ast.Attribute) and node.func.attr in SAYING and node.func.attr != "translate")
            ):
                yield file.relative_to(ROOT).as_posix(), node


def _is_text(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)


def _first(call: ast.Call) -> str:
    return ast.unparse(call.args[0]) if call.args else ""


def test_uzbek_is_spelled_with_its_own_letters() -> None:
    texts = [text for _, text in entries("uz")]
    texts += [text["uz"] for _, text in course_texts() if "uz" in text]
    wrong = [text for text in texts if WRONG_APOSTROPHE.search(text)]
    assert not wrong, f"write oʻ, gʻ with ʻ (U+02BB) and the tutuq belgisi as ʼ (U+02BC): {wrong}"


def test_every_text_of_the_course_is_in_both_languages() -> None:
    texts = list(course_texts())
    assert len(texts) > 2
    missing = [place for place, text in texts if not all(str(text.get(language, "")).strip() for language in LANGUAGES)]
    assert not missing


def course_texts() -> Iterator[tuple[str, dict[str, str]]]:
    """Return every text of the course's files, by file and key: a title or prompt, and all else by language."""
    for path in (ROOT / "course.yaml", *sorted((ROOT / "exercises").glob("*/exercise.yaml"))):
        yield from _texts_in(yaml.safe_load(path.read_text(encoding="utf-8")), path.relative_to(ROOT).as_posix())


def _texts_in(node: object, place: str) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(node, list):
        for number, item in enumerate(node):
            yield from _texts_in(item, f"{place}[{number}]")
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if isinstance(value, dict) and {"uz", "en"} & value.keys():
            yield f"{place}: {key}", value
        elif key in ("title", "prompt"):
            yield f"{place}: {key}", {}
        else:
            yield from _texts_in(value, f"{place}: {key}")


def test_a_wrong_answer_is_told_in_uzbek(course: Path) -> None:
    ended = course_says(course, "--lang", "uz", "submit", "4.1", "--answer", "-4", "--student", "s")
    assert ended.returncode == 1, ended.stderr
    assert "x = 2, y = 4, w = 1 boʻlganda ∂loss/∂w qiymati -4 emas." in ended.stdout
    assert "Ball: 0 (jami 1)" in ended.stdout
    _hold_uzbek(ended.stdout)


@pytest.mark.parametrize("command", [[], ["list"], ["show"], ["start"], ["submit"]])
def test_help_is_in_uzbek(course: Path, command: list[str]) -> None:
    ended = course_says(course, *command, "--help", "--lang", "uz")
    assert ended.returncode == 0, ended.stderr
    assert "Ishlatilishi: course" in ended.stdout
    assert "Opsiyalar:" in ended.stdout
    assert command or "Buyruqlar:" in ended.stdout
    _hold_uzbek(ended.stdout)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["submit"], "Argument yozilmagan: 'ID'."),
        (["submit", "4.1", "--answer"], "'--answer' opsiyasidan keyin qiymat yozing."),
        (["list", "4.1"], "Ortiqcha argument bor (4.1)"),
        (["sumbit"], "sumbit degan buyruq yoʻq. submit demoqchimisiz?"),
        (["show", "4.99"], "4.99 degan mashq yoʻq"),
    ],
)
def test_a_wrong_command_line_is_told_in_uzbek(course: Path, arguments: list[str], sentence: str) -> None:
    ended = course_says(course, "--lang", "uz", *arguments)
    assert ended.returncode == 2
    assert sentence in ended.stderr
    _hold_uzbek(ended.stdout + ended.stderr)


def _hold_uzbek(said: str) -> None:
    """Hold every phrase of the catalogue to be in Uzbek in `said`."""
    words = " ".join(said.split())
    english = [
        msgid for msgid, text in entries("uz") if msgid != text and " " in msgid and " ".join(msgid.split()) in words
    ]
    headings = [heading for heading in ("Usage:", "Options:", "Commands:", "Error:") if heading in words]
    assert not english and not headings
