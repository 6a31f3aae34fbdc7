"""What only a newer Python reads is told with the version that reads it and the one that graded."""

from __future__ import annotations

import sys

import pytest

from grader.core.findings.telling import told
from grader.core.program.source import Source
from grader.core.program.syntax import syntax_error, syntax_fault
from grader.store.machine.catalogues import translation

HERE = sys.version_info[:2]
NEWER = [
    ('print(f"{d["k"]:>{w["n"]}} {x!r}")', (3, 12)),
    ('f"{", ".join(x)}"', (3, 12)),
    (r'f"{"\n".join(x)}"', (3, 12)),
    ("f'''{d['''k''']\n# why\n}'''", (3, 12)),
    ('f"{f"{f"{1}"}"}"', (3, 12)),
    ('f"{x:{y:{z}}}"', (3, 12)),
    ("type Pair = tuple[int, int]", (3, 12)),
    ("def first[T: (int, str)](x: list[T]) -> T: ...", (3, 12)),
    ("class Box[T]: ...", (3, 12)),
    ("def first[T = int](x: list[T]) -> T: ...", (3, 13)),
    ("try: 1\nexcept ValueError, os.Error: 2", (3, 14)),
    ('print(t"{x}")', (3, 14)),
    ('def f[T](x): return f"{x["k"]}" + t"{x}"', (3, 14)),
    ("lazy import torch", (3, 15)),
    ("x = [*each for each in all]", (3, 15)),
]  # fmt: skip
WRONG = [
    'f"{d["k"}"',
    'f"{x"',
    'print(f"{d["k"]}"',
    'f"{x:{y}"',
    'f"{x}}"',
    'f"{x:{y:{z:{x}}}}"',
    "try: 1\nexcept ValueError, e: 2",
    "type x",
    "def f[T: ...",
]


@pytest.mark.parametrize(("text", "since"), NEWER)
def test_what_a_newer_python_reads_is_told_with_both_versions(text: str, since: tuple[int, int]) -> None:
    # Another mistake below is another matter, and what stands above is no matter at all.
    fault = syntax_fault(Source(f"x = f'{{1}}'\n{text}\nfor i in x\n", "4.5.py"))
    assert fault is not None
    if since > HERE:
        said = told(fault).said(str)
        assert f"Python {since[0]}.{since[1]} or newer" in said and f"graded with Python {HERE[0]}.{HERE[1]}." in said
        assert told(fault).said(translation("uz")) != said
    else:
        assert fault.kind == "syntax" and fault.fields["words"] == "expected ':'"


@pytest.mark.parametrize("text", WRONG)
def test_what_no_python_reads_is_told_without_a_version(text: str) -> None:
    fault = syntax_fault(Source(text, "4.5.py"))
    assert fault is not None and fault.kind == "syntax"


@pytest.mark.parametrize(
    "text",
    [
        'f"{' * 40_000,
        'f"{x}"' * 30_000 + "'",
        'f"{"' * 30_000 + '}"' * 30_000,
        "def f" + "[" * 100_000,
        "f'{" + "(" * 100_000,
        "t'" * 9_999,
        'f"' + "{x:" * 40_000 + "}" * 40_000 + '"',
        "try: 1\nexcept" + " " * 200_000 + "A",
        "type X" + " " * 200_000 + "!",
    ],
)
def test_a_line_made_to_be_costly_is_read_all_the_same(text: str) -> None:
    assert syntax_error(Source(text, "4.5.py")) is not None
