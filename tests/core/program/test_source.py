"""What a submission's source shows before anything runs."""

import ast
import codecs
from encodings.aliases import aliases

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.core.findings.telling import told
from grader.core.program.autograd import autograd_used
from grader.core.program.source import MOST_BYTES, Source, read_source
from grader.core.program.syntax import syntax_fault
from grader.core.report.finding import Finding

STEADY = settings(deadline=None, derandomize=True)
NOT_UTF8 = "prog.py is not UTF-8. Save it again with the encoding UTF-8."
PIECES = st.sampled_from(
    [
        *[
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "'",
            '"""',
            "f'",
            "\\",
            "\n",
            "\n    ",
            "\t",
            " ",
            ":",
            "=",
            ",",
            "*",
            "lambda x: ",
        ],
        *[
            "if x",
            "else",
            "for i in x",
            "def f(x)",
            "class A",
            "return",
            "yield",
            "await ",
            "match x",
            "case _",
            "1",
            "x",
        ],
        *["0777", "1_", "1e", "#", "ŷ", "\x0c", "\u2028", "\x00", "\ud800", "import a", "from . import *", "global x"],
    ]
)


def source(text):
    return Source(text, "prog.py")


def refusal(content):
    message = read_source(content, "prog.py")
    assert isinstance(message, Finding)
    return told(message).said(str)


def test_a_program_is_read_as_utf8():
    assert read_source("ŷ = 1\n".encode(), "prog.py") == source("ŷ = 1\n")


def test_a_byte_order_mark_is_no_part_of_the_program():
    assert read_source(codecs.BOM_UTF8 + b"x = 1\n", "prog.py") == source("x = 1\n")


def test_a_coding_line_is_honoured():
    text = "# -*- coding: cp1251 -*-\nnom = 'ўқитувчи'\n".replace("қ", "к")
    assert read_source(text.encode("cp1251"), "prog.py") == source(text)


@pytest.mark.parametrize("content", [b"a = 1\r\nb = 2\r\n", b"a = 1\rb = 2\r", b"a = 1\nb = 2\n"])
def test_line_ends_of_every_system_are_the_same(content):
    assert read_source(content, "prog.py") == source("a = 1\nb = 2\n")


def test_an_empty_file_is_a_program():
    assert read_source(b"", "prog.py") == source("")


@pytest.mark.parametrize(
    "content",
    [
        b"x = '\xff'\n",
        "x = 'ў'".encode("utf-16"),
        b"# coding: no-such-encoding\n",
        b"# coding: hex\n00",
        codecs.BOM_UTF8 + b"# coding: latin-1\n",
        b"# coding: undefined\nx = 1\n",
        b"# coding: idna\nx = '\xff'\n",
    ],
)
def test_what_cannot_be_decoded_is_refused(content):
    assert refusal(content) == NOT_UTF8


def test_an_encoding_that_takes_minutes_to_decode_is_refused():
    assert refusal(b"# coding: PUNYCODE\n" + b"a" * 120_000 + b"-" + b"b" * 120_000) == NOT_UTF8


def test_null_bytes_are_refused():
    assert (
        refusal(b"x = 1\n\0")
        == "prog.py is not a Python source file: it contains null bytes. Save it again as plain UTF-8 text."
    )


def test_a_file_that_is_too_large_is_refused():
    words = "prog.py is larger than 256 KiB; a solution to this exercise is much shorter."
    assert refusal(b"#" * (MOST_BYTES + 1)) == words
    assert isinstance(read_source(b"#" * MOST_BYTES, "prog.py"), Source)


@STEADY
@given(st.binary() | st.builds(bytes.__add__, st.just(b"# coding: "), st.binary(max_size=12)))
def test_any_bytes_are_a_source_or_a_refusal(content):
    read = read_source(content, "prog.py")
    assert isinstance(read, Source | Finding)
    if isinstance(read, Source):
        assert "\0" not in read.text and "\r" not in read.text


@STEADY
@given(st.sampled_from(sorted({*aliases.values(), "undefined", "idna"})))
def test_any_encoding_that_a_program_declares_is_read_or_refused(encoding):
    content = f"# coding: {encoding}\nx = 1".encode() + b"\xe2\x80\xff-"
    assert isinstance(read_source(content, "prog.py"), Source | Finding)


@pytest.mark.parametrize(("number", "line"), [(1, "def f(x):"), (2, "return x"), (3, ""), (4, ""), (0, ""), (-1, "")])
def test_a_line_is_found_by_its_number_and_told_without_its_indent(number, line):
    assert source("def f(x):\n    return x\n").line(number) == line


@pytest.mark.parametrize("odd", ["\u2028", "\x0c", "\x1c", "\x85", "\x0b"])
def test_lines_are_counted_as_python_counts_them(odd):
    text = f"a = 1  # {odd} still the first line\nb = 2\n"
    assert ast.parse(text).body[1].lineno == 2
    assert source(text).line(2) == "b = 2"


def test_a_long_line_is_told_only_in_part_and_without_control_characters():
    assert source("x = '\x1b'" + "1" * 500).line(1) == "x = '?'" + "1" * 193


@pytest.mark.parametrize("text", ["", "x = 1\n", "def f(x):\n    return x\n", "x = '\\d'\n", "# ŷ\n", "x is 1\n"])
def test_a_program_that_python_reads_has_no_fault(text):
    assert syntax_fault(source(text)) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = = 1", "prog.py:1: Python cannot read this line: invalid syntax\n    x = = 1\n        ^"),
        (
            "a = 1\nif a:\n    b = = 2",
            "prog.py:3: Python cannot read this line: invalid syntax\n    b = = 2\n        ^",
        ),
        ("if x:\n\ty = = 1\n", "prog.py:2: Python cannot read this line: invalid syntax\n    y = = 1\n        ^"),
        ("ŷ = = 1", "prog.py:1: Python cannot read this line: invalid syntax\n    ŷ = = 1\n        ^"),
    ],
)
def test_a_syntax_fault_is_told_with_its_line_and_a_caret_under_the_place(text, said):
    assert told(syntax_fault(source(text))).said(str) == said


@pytest.mark.parametrize("text", ["-" * 100_000 + "1", "not " * 50_000 + "x"])
def test_what_is_nested_too_deeply_is_told(text):
    assert told(syntax_fault(source(text))).said(str) == "prog.py is nested too deeply to be read as a program."


@STEADY
@given(st.text(st.characters()) | st.lists(PIECES).map("".join))
def test_any_text_is_a_program_or_has_a_fault_that_can_be_told(text):
    fault = syntax_fault(source(text))
    assert fault is None or told(fault).said(str).startswith("prog.py")


@STEADY
@given(st.lists(PIECES).map("".join))
def test_the_rule_about_autograd_can_be_read_from_any_program(text):
    if syntax_fault(source(text)) is None:
        assert autograd_used(source(text)) is autograd_used(source(text), ["a"]) is None
