"""What Python says against a program before any of it runs: what its compiler says of it, and at what cost."""

import ast
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_source import STEADY, source

from grader.core.program.syntax import syntax_error

MISPLACED = [
    "return 1",
    "x = 1\nif x:\n    return",
    "class A:\n    return 1",
    "def f():\n    class A:\n        return 1",
    "yield 1",
    "x = [1]\nyield from x",
    "class A:\n    x = yield",
    "break",
    "for i in x:\n    pass\nelse:\n    break",
    "for i in x:\n    def f():\n        break",
    "while x:\n    class A:\n        continue",
    "continue",
    "if ŷ: continue",
    "@(yield)\ndef f(): pass",
    "lambda x=(yield): x",
    "with x:\n    try:\n        pass\n    finally:\n        break",
    "x = 1\nfrom __future__ import annotations",
    "'doc'\n'not a doc'\nfrom __future__ import annotations",
    "from __future__ import annotations\ndef f():\n    from __future__ import division",
]
IN_PLACE = [
    "def f():\n    return 1",
    "def f():\n    for i in x:\n        return",
    "lambda: (yield)",
    "async def f():\n    yield 1",
    "for i in x:\n    if i: break\n    while i: continue",
    "while x:\n    try:\n        pass\n    finally:\n        break",
    "for i in x:\n    for j in x:\n        pass\n    else:\n        break",
    "def f():\n    return\n\nfor i in x:\n    with i:\n        continue",
    "'doc'\nfrom __future__ import annotations\nfrom __future__ import division\nx = 1",
    "for i in x:\n    match i:\n        case 1:\n            break",
]


def compilers_words(text):
    """Return the line, column and words of Python's compiler; None where it compiles."""
    try:
        compile(text, "prog.py", "exec", dont_inherit=True)
    except SyntaxError as error:
        return error.lineno, error.offset, error.msg
    return None


@pytest.mark.parametrize("text", MISPLACED)
def test_a_statement_that_leaves_what_it_is_not_in_is_told_as_the_compiler_tells_it(text):
    line, fault = syntax_error(source(text))
    told_line, offset, words = compilers_words(text)
    code = text.split("\n")[line - 1]
    indent = len(code) - len(code.lstrip())
    assert (line, fault.fields["words"]) == (told_line, words)
    # The compiler counts bytes there; we count what is seen.
    assert fault.fields["caret"] == len(code.encode()[: offset - 1].decode()) - indent


@pytest.mark.parametrize("text", IN_PLACE)
def test_a_statement_in_its_place_is_no_fault(text):
    assert compilers_words(text) is None and syntax_error(source(text)) is None


LONG = {"hexadecimal": f"0x{'F' * 4000}", "octal": f"0o1{'_7' * 5000}", "binary": f"0B1{'0' * 15_000}"}
LONGEST = {"hexadecimal": f"0x{'F' * 3500}", "binary": f"0b{'1' * 14_000}", "decimal": "9" * 4300}


@pytest.mark.parametrize("number", LONG.values(), ids=LONG)
@pytest.mark.parametrize("text", ["\n\nz = {}", "\n\ndef f(x):  return x[::-{}]", "x = 0x1\n\nprint(f'{{{}}}')"])
def test_a_number_that_python_cannot_write_out_is_refused_with_its_line_and_how_to_write_it(number, text):
    text = text.format(number)
    with pytest.raises(ValueError, match="4300 digits"):
        ast.dump(ast.parse(text))
    line, fault = syntax_error(source(text))
    assert (line, fault.kind, fault.line) == (3, "number-too-long", 3)
    assert len(fault.fields["code"]) <= 200


@pytest.mark.parametrize("number", LONGEST.values(), ids=LONGEST)
def test_what_is_no_longer_than_python_writes_out_is_read(number):
    assert syntax_error(source(f"z = 0x1{'0' * 3500}")) is not None
    assert syntax_error(source(f"z = {number}")) is None and ast.dump(ast.parse(f"z = {number}"))


def test_a_text_that_looks_like_a_long_number_is_none():
    assert syntax_error(source(f"z = '{LONG['hexadecimal']}'  # {LONG['binary']}")) is None


PARTS = st.recursive(
    st.sampled_from(["return", "break", "continue", "yield", "pass", "x = 1"]).map(lambda line: [line]),
    lambda inner: st.builds(
        lambda head, body: [head, *(f" {line}" for part in body for line in part)],
        st.sampled_from(["def f():", "class A:", "for i in x:", "while x:", "if x:", "with x:", "async def g():"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=8,
)


@STEADY
@given(st.lists(PARTS, min_size=1, max_size=4))
def test_whatever_nests_in_whatever_the_first_fault_is_the_compilers(parts):
    text = "\n".join(line for part in parts for line in part)
    found, wanted = syntax_error(source(text)), compilers_words(text)
    # A value returned from an asynchronous generator is left to the compiler; nothing here returns one.
    assert (found is None) == (wanted is None)
    assert found is None or (found[0], found[1].fields["words"]) == (wanted[0], wanted[2])


def finally_bomb(levels, exits):
    """Return a program that is compiled to about exits ** levels copies of its innermost line."""
    lines = ["def f(a):"]
    for level in range(levels):
        pad = " " * (level + 1)
        lines += [f"{pad}try:", *[f"{pad} if a: return"] * exits, f"{pad}finally:"]
    return "\n".join([*lines, " " * (levels + 1) + "a = a + 1"]) + "\n"


READ_WITHIN = """
import resource, sys
from grader.core.program.source import Source
from grader.core.program.syntax import syntax_error
resource.setrlimit(resource.RLIMIT_AS, (400 * 2**20, 400 * 2**20))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
print(syntax_error(Source(sys.stdin.read(), "prog.py")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux only")
@pytest.mark.parametrize(("levels", "exits"), [(3, 120), (6, 60), (16, 3)])
def test_what_a_compiler_makes_gigabytes_of_is_only_read_here(levels, exits):
    text = finally_bomb(levels, exits)
    ast.parse(text)
    done = subprocess.run([sys.executable, "-c", READ_WITHIN], input=text, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("None\n", "")
