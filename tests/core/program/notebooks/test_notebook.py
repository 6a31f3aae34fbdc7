"""A notebook as a program: its code cells in order, without what only Jupyter understands."""

from __future__ import annotations

import codecs
import json
import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from repository import GOLDEN

from grader.core.findings.telling import told
from grader.core.findings.telling import where as shown_place
from grader.core.program.notebooks.ipython_syntax import plain_python
from grader.core.program.source import MOST_BYTES, Source
from grader.core.program.syntax import syntax_fault
from grader.core.report.finding import Finding, finding
from grader.store.students.programs import MOST_NOTEBOOK_BYTES, read_program, whole_program

STEADY = settings(deadline=None, derandomize=True)
NOT_JSON = "w.ipynb is not a notebook: it is not JSON. Save it again in Jupyter."
NO_CELLS = "w.ipynb is not a notebook: it has no cells. Save it again in Jupyter."
TOO_DEEP = "w.ipynb is nested too deeply to be read as a notebook."
TOO_LARGE = "w.ipynb is larger than 256 KiB; a solution to this exercise is much shorter."


def code(source: object, **others: object) -> dict[str, object]:
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], **others}


def text(source: str) -> dict[str, object]:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def notebook(*cells: object) -> bytes:
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def source(*cells: object) -> Source:
    read = read_program(notebook(*cells), "w.ipynb")
    assert isinstance(read, Source)
    return read


def source_of(content: str) -> Source:
    read = read_program(content.encode(), "w.ipynb")
    assert isinstance(read, Source)
    return read


def program(*cells: str) -> str:
    """Return the program that these code cells make."""
    return source(*map(code, cells)).text


def plain(text: str) -> str:
    """Return what is left of a cell that Python cannot read as it stands."""
    return plain_python(text).text


def faults(of: Source) -> list[str]:
    return [told(fault).said(str).partition("\n")[0] for _, fault in of.faults]


def notices(*cells: object) -> str:
    return "\n".join(told(notice).said(str) for notice in source(*cells).notices)


def refusal(content: bytes) -> str:
    read = read_program(content, "w.ipynb")
    assert isinstance(read, Finding)
    return told(read).said(str)


def where(of: Source, line: int) -> str:
    place = shown_place(finding("raised", **of.place(line)))
    return place if isinstance(place, str) else place.said(str)


class TestCells:
    def test_code_cells_are_joined_in_their_order(self) -> None:
        assert program("a = 1", "b = 2\nc = 3") == "a = 1\nb = 2\nc = 3"

    def test_a_source_may_be_a_list_of_lines(self) -> None:
        assert source(code(["a = 1\n", "b = 2"])).text == "a = 1\nb = 2"

    def test_texts_are_left_out(self) -> None:
        assert source(text("# The model"), code("a = 1"), {"cell_type": "raw", "source": "b"}).text == "a = 1"

    def test_a_notebook_of_format_3_is_read(self) -> None:
        old = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["a = 1\n", "b = 2"]}]}], "nbformat": 3}
        read = read_program(json.dumps(old).encode(), "w.ipynb")
        assert isinstance(read, Source) and read.text == "a = 1\nb = 2"

    def test_line_ends_of_every_system_are_the_same(self) -> None:
        assert program("a = 1\r\nb = 2\rc = 3") == "a = 1\nb = 2\nc = 3"

    def test_a_notebook_without_code_is_an_empty_program(self) -> None:
        assert source(text("nothing yet")).text == program() == ""

    def test_a_coding_line_means_nothing_in_a_notebook(self) -> None:
        assert program("# coding: latin-1\nnom = 'oʻquvchi'") == "# coding: latin-1\nnom = 'oʻquvchi'"

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_a_byte_order_mark_is_no_part_of_the_program(self, encoding: str) -> None:
        read = read_program(notebook(code("a = 1")).decode().encode(encoding), "w.ipynb")
        assert isinstance(read, Source) and read.text == "a = 1"

    def test_a_byte_order_mark_inside_a_cell_is_no_part_of_the_program(self) -> None:
        assert program("a = 1", "\ufeffb = 2") == "a = 1\nb = 2"


class TestPlaces:
    def test_a_line_is_named_by_its_cell_and_the_line_in_it(self) -> None:
        read = source(code("a = 1\nb = 2"), code("c = 3\n\nd = 4"))
        assert [where(read, line) for line in (1, 2, 3, 5)] == [
            "w.ipynb, cell 1, line 1",
            "w.ipynb, cell 1, line 2",
            "w.ipynb, cell 2, line 1",
            "w.ipynb, cell 2, line 3",
        ]

    def test_cells_are_counted_as_a_reader_counts_them(self) -> None:
        read = source(text("# Title"), code("a = 1"), text("then"), code("b = 2"))
        assert where(read, 2) == "w.ipynb, cell 4, line 1"

    def test_magics_move_no_line(self) -> None:
        read = source(code("%pip install \\\n  torch\nimport torch"), code("%%html\n<b>\n</b>"), code("a = 1/0"))
        line = read.text.split("\n").index("a = 1/0") + 1
        assert where(read, line) == "w.ipynb, cell 3, line 1"

    def test_an_empty_cell_has_a_line_of_its_own(self) -> None:
        assert where(source(code(""), code("a = 1")), 2) == "w.ipynb, cell 2, line 1"


class TestMagics:
    @pytest.mark.parametrize("line", ["%matplotlib inline", "!pip install torch", "?torch", "torch.nn??", "%%time"])
    def test_a_line_for_jupyter_does_nothing(self, line: str) -> None:
        assert program(f"{line}\na = 1") == f"pass  # {line}\na = 1"

    def test_a_magic_alone_in_a_block_leaves_it_a_body(self) -> None:
        assert program("if True:\n    %ls data\na = 1") == "if True:\n    pass  # %ls data\na = 1"

    def test_a_statement_that_is_timed_is_run(self) -> None:
        assert program("if True:\n    %time a = step()") == "if True:\n    a = step()"

    @pytest.mark.parametrize(
        ("line", "left"), [("a = !ls", "a = []  # !ls"), ("a, b = %who x", "a, b = None  # %who x")]
    )
    def test_a_name_that_a_magic_gives_a_value_has_one(self, line: str, left: str) -> None:
        assert program(line) == left

    def test_a_cell_that_is_indented_as_a_whole_is_read_as_jupyter_reads_it(self) -> None:
        assert program("  def f():\n      return 1", "a = f()") == "def f():\n    return 1\na = f()"

    def test_imports_from_the_future_may_stand_in_any_cell(self) -> None:
        read = source(code("a = 1"), code("from __future__ import annotations\nb: int = 1/0"))
        assert read.text == "from __future__ import annotations\na = 1\npass\nb: int = 1/0"
        assert where(read, 4) == "w.ipynb, cell 2, line 2" and read.line(3) == "from __future__ import annotations"

    def test_what_is_awaited_outside_of_functions_is_no_fault_of_a_notebook(self) -> None:
        assert source(code("await x()"), code("async with y: pass")).faults == ()

    @pytest.mark.parametrize("magic", ["%%html", "%%bash", "%%writefile model.py", "%%javascript"])
    def test_a_cell_in_another_language_becomes_comments(self, magic: str) -> None:
        assert program(f"\n{magic}\nfor x in *; do") == f"# \n# {magic}\n# for x in *; do"

    @pytest.mark.parametrize("magic", ["%%time", "%%timeit -n 1", "%%capture out", "%%prun", "%%check 4.5"])
    def test_a_cell_that_is_timed_is_still_python(self, magic: str) -> None:
        assert program(f"{magic}\na = 1") == f"pass  # {magic}\na = 1"

    @pytest.mark.parametrize(
        "kept",
        [
            "y = (7\n  % 2)",
            "y = [1,\n!=2]",
            "y = f(')',\n  # (\n  '''(''',\n  7\n  % 2)",
            "y = 7 \\\n  % 2",
            'y = """\n%d\n!x\nwhat?\n"""',
            "y = '''\n\\'''\n%d'''",
            'y = f"{a[0]}" + "\\"(" + (\'(\'\n% 2)',
        ],
    )
    def test_a_percent_sign_inside_an_expression_or_a_text_is_kept(self, kept: str) -> None:
        assert plain(kept) == kept
        assert plain(f"%matplotlib inline\n{kept}\n!ls") == f"pass  # %matplotlib inline\n{kept}\npass  # !ls"

    def test_a_magic_behind_a_bracket_in_a_comment_is_one(self) -> None:
        assert program("a = 1  # (\n%ls") == "a = 1  # (\npass  # %ls"

    def test_a_magic_behind_a_bracket_in_a_text_is_one(self) -> None:
        assert program("a = '('; b = \"[\"\n%ls") == "a = '('; b = \"[\"\npass  # %ls"

    def test_a_shell_line_that_goes_on_is_left_out_to_its_end(self) -> None:
        assert program("!pip install \\\n    torch \\\n    numpy\na = 1") == (
            "pass  # !pip install \\\n#     torch \\\n#     numpy\na = 1"
        )

    def test_a_comment_with_a_magic_stays_a_comment(self) -> None:
        assert program("# %matplotlib\n!ls") == "# %matplotlib\npass  # !ls"

    def test_what_is_left_out_is_told_by_cell_and_line(self) -> None:
        assert notices(text("a"), code("a = 1\n!pip install torch"), code("%cd /")) == (
            "w.ipynb: lines that only Jupyter understands were not run "
            "(cell 2, line 2: !pip install torch; cell 3, line 1: %cd /)"
        )

    def test_what_counts_for_nothing_is_not_told(self) -> None:
        assert not notices(
            code("%load_ext grader\n%matplotlib inline"), code("%%check 4.5\na = 1"), code("%time b = 1")
        )

    def test_cells_that_are_not_python_are_told(self) -> None:
        assert "(cell 1: %%writefile model.py)" in notices(code("%%writefile model.py\na = 1"))

    def test_only_a_few_are_told(self) -> None:
        assert notices(code("!ls\n" * 30)).endswith("cell 1, line 5: !ls and 25 more)")


class TestCellsThatPythonCannotRead:
    def test_are_left_out_and_told_by_cell_line_and_place(self) -> None:
        read = source(code("a = 1"), text("b"), code("x = 1\nfor i in range(3)\n  c"), code("d = 4"))
        assert read.text == "a = 1\n# x = 1\n# for i in range(3)\n#   c\nd = 4"
        ((line, fault),) = read.faults
        assert (line, told(fault).said(str)) == (
            3,
            "w.ipynb, cell 3, line 2: Python cannot read this line: expected ':'\n"
            "    for i in range(3)\n                     ^",
        )

    def test_are_shown_and_quoted_as_they_were_written(self) -> None:
        read = source(code("!ls"), code("a = ("), code("b = 1"))
        assert read.shown == "!ls\na = (\nb = 1" and read.line(2) == "a = ("

    def test_do_not_spoil_a_text_that_goes_on_over_several_cells(self) -> None:
        assert program('a = """', "%d", '"""') == 'a = """\n%d\n"""'

    def test_name_the_language_that_the_notebook_says_it_is_in(self) -> None:
        cells = {"cells": [code("x <- y z")], "metadata": {"kernelspec": {"language": "R"}}}
        read = read_program(json.dumps(cells).encode(), "w.ipynb")
        assert isinstance(read, Source)
        assert faults(read)[0].startswith("w.ipynb declares the language R, but only Python is read. w.ipynb, cell 1")

    def test_in_a_notebook_that_says_it_is_in_another_language_python_counts(self) -> None:
        cells = {"cells": [code("a = 1")], "metadata": {"language_info": {"name": "julia"}}}
        read = read_program(json.dumps(cells).encode(), "w.ipynb")
        assert isinstance(read, Source) and read.text == "a = 1" and not read.notices


class TestHostileNotebooks:
    def test_an_empty_file_and_a_merge_left_half_done_are_told_as_what_they_are(self) -> None:
        assert refusal(b" \n").startswith("w.ipynb is empty (0 bytes): nothing was saved or uploaded.")
        assert refusal(codecs.BOM_UTF8 + b"\r\n").startswith("w.ipynb is empty (0 bytes)")
        merged = b'{"cells": [\n<<<<<<< HEAD\n"a"\n=======\n"b"\n>>>>>>> theirs\n]}'
        assert refusal(merged).startswith("w.ipynb:2: git merged two versions here")
        fault = whole_program(b"a = 1\n<<<<<<< HEAD\nb = 2\n=======\nb = 3\n>>>>>>> theirs\n", "w.py")
        assert fault == finding("conflict-marks", file="w.py", line=2)

    @pytest.mark.parametrize("before", [b"", b"\r\n ", codecs.BOM_UTF8])
    def test_a_notebook_under_the_name_of_a_program_is_told_as_what_it_is(self, before: bytes) -> None:
        told = finding("notebook-as-program", file="w.py")
        assert whole_program(before + b'{"cells": [{"cell_type": "code", "source": "a = 1"}]}', "w.py") == told

    @pytest.mark.parametrize("content", [b"{}", b"{1: 2}", b'{"cells": 1}', b'{"a": []}', b'{"cells": []}["cells"]'])
    def test_a_dict_in_a_program_is_no_notebook(self, content: bytes) -> None:
        assert isinstance(whole_program(content, "w.py"), Source)

    @pytest.mark.parametrize(
        "content",
        [
            *(b"a = 1", b'{"cells": [', b"\xff\xfe\x00", b"\x00", b'{"cells": []} x', b'{"cells": [{}'),
            *("{'cells': []}".encode("utf-16-le"), b'{"cells": [], "a": "b', b'{"cells": [], "a": nan}'),
        ],
        ids=lambda content: ascii(content[:12]),
    )
    def test_what_is_not_json_is_refused(self, content: bytes) -> None:
        assert refusal(content) == NOT_JSON

    @pytest.mark.parametrize(
        "content",
        [
            *("[]", "{}", "1", "null", '"cells"', '{"cells": null}', '{"cells": 1}', '{"worksheets": []}'),
            *(
                '{"worksheets": {}}',
                '{"worksheets": [{}]}',
                '{"worksheets": [[]]}',
                '{"worksheets": [1]}',
                "true",
                "1" * 5000,
            ),
        ],
    )
    def test_what_has_no_cells_is_refused(self, content: str) -> None:
        assert refusal(content.encode()) == NO_CELLS

    @pytest.mark.parametrize("opening", ["[", '{"cells":', '{"cells":[{"cell_type":"code","outputs":'])
    def test_what_is_nested_without_end_is_refused(self, opening: str) -> None:
        assert refusal(b'{"cells": [], "deep": ' + opening.encode() * 100_000) == TOO_DEEP

    def test_what_is_nested_deeper_than_any_notebook_is_read(self) -> None:
        deep = json.loads("[" * 200 + "]" * 200)
        assert source(code("a = 1", outputs=deep), code("b = 2")).text == "a = 1\nb = 2"

    @pytest.mark.parametrize("cell", [None, 1, "code", [], [[]], {}, {"cell_type": ["code"]}, {"cell_type": "code"}])
    def test_a_cell_of_another_type_says_nothing(self, cell: object) -> None:
        assert source(cell, code("a = 1")).text.strip() == "a = 1"

    @pytest.mark.parametrize("wrong", [None, 1, 1.5, {"a": 1}, [1, None, [2]], True])
    def test_a_source_of_another_type_is_told_and_the_other_cells_are_read(self, wrong: object) -> None:
        assert source(code(wrong), code("a = 1")).text == "\na = 1"
        assert notices(code(wrong), code("a = 1")) == ("w.ipynb: cell 1 is not a valid Jupyter cell and was skipped.")

    def test_one_odd_cell_in_a_large_notebook_costs_it_all(self) -> None:
        assert refusal(notebook(None, code("a = 1", outputs=["A" * 2_000_000]))) == NO_CELLS

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
    def test_a_notebook_may_have_been_saved_by_any_editor(self, encoding: str) -> None:
        read = read_program(notebook(code("a = 'ʻ'")).decode().encode(encoding), "w.ipynb")
        assert isinstance(read, Source) and read.text == "a = 'ʻ'"

    def test_bytes_that_are_no_text_cost_their_own_place_alone(self) -> None:
        content = notebook(code("a = '?'"), code("b = 2", outputs=["?"])).replace(b"?", b"\xff")
        read = read_program(content, "w.ipynb")
        assert isinstance(read, Source) and read.text == "a = '\ufffd'\nb = 2"

    def test_numbers_that_json_does_not_have_are_read_over(self) -> None:
        outputs = [math.nan, math.inf, -math.inf, "NaN", 'a "NaN\\', 10**4000]
        assert source(code("a = 'NaN \\\\ \\ud800'", outputs=outputs)).text == "a = 'NaN \\\\ \\ud800'"

    def test_a_text_without_end_is_read_once(self) -> None:
        assert refusal(b'{"cells": [], "a": NaN, "b": "' + b'\\"' * 1_000_000) == NOT_JSON

    def test_a_large_file_that_is_not_json_to_the_letter_is_refused(self) -> None:
        assert refusal(b'{"cells": [], "a": NaN, "b": "' + b" " * 9_000_000 + b'"}') == NOT_JSON

    def test_of_a_name_given_twice_the_last_counts(self) -> None:
        assert source_of('{"cells": [], "cells": [{"cell_type": "code", "source": "a", "source": "b"}]}').text == "b"

    def test_all_worksheets_are_read(self) -> None:
        sheets = [{"cells": [{"cell_type": "code", "input": name}]} for name in "ab"]
        assert source_of(json.dumps({"worksheets": sheets})).cells == ((1, 1), (2, 2))

    def test_a_file_larger_than_any_notebook_is_refused_with_what_to_do(self) -> None:
        assert refusal(b" " * MOST_NOTEBOOK_BYTES) == (
            "w.ipynb is larger than 32 MiB. Clear its outputs in Jupyter and save it again."
        )

    def test_a_notebook_without_code_says_so(self) -> None:
        assert notices(text("a = 1"), code(" \n")) == "w.ipynb contains no code."

    def test_halves_of_characters_become_question_marks(self) -> None:
        assert program("a = '\ud800'") == "a = '?'"

    def test_null_bytes_are_left_out(self) -> None:
        assert program("a = 1\0\0", "b = 2") == "a = 1\nb = 2"

    def test_outputs_do_not_count(self) -> None:
        outputs = [{"data": {"image/png": "A" * 5_000_000}}]
        assert source(code("a = 1", outputs=outputs)).text == "a = 1"

    def test_a_program_that_is_too_large_is_refused(self) -> None:
        assert refusal(notebook(*[code("#" * 1023)] * (MOST_BYTES // 1024 + 1))) == TOO_LARGE

    def test_a_program_that_is_too_large_as_comments_is_refused(self) -> None:
        assert refusal(notebook(code("%%html\n" + "\n" * (MOST_BYTES - 100)))) == TOO_LARGE

    def test_cells_without_end_are_cut_off(self) -> None:
        assert len(source(*[code("a")] * 6000).cells) == 5000

    def test_magics_without_end_are_read_once(self) -> None:
        read = program("%a\n" * 10_000 + "'''" + "\\'" * 10_000 + "'''")
        assert read.count("pass  # %a") == 10_000

    def test_lines_without_end_are_read_once(self) -> None:
        for piece in (" ", "a", "a ", "\\", "a.", "(", "a="):
            source(code("!ls\n" + piece * 100_000))


PIECES = st.sampled_from([*"()[]{}'\"\\\n #%!?=", "'''", '"""', "\n%", "\n!", "a", "1", "%%html", "\0", "\ud800", "\r"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["cell_type", "source", "cells", "input"]), inner),
    max_leaves=10,
)


@STEADY
@given(st.binary())
def test_any_bytes_are_a_program_or_a_refusal(content: bytes) -> None:
    assert isinstance(read_program(content, "w.ipynb"), Source | Finding)


@STEADY
@given(st.fixed_dictionaries({}, optional={"cells": VALUES, "worksheets": VALUES}) | VALUES)
def test_any_json_is_a_program_or_a_refusal(content: object) -> None:
    assert isinstance(read_program(json.dumps(content).encode(), "w.ipynb"), Source | Finding)


@STEADY
@given(st.lists(st.lists(PIECES).map("".join) | st.lists(PIECES), max_size=4))
def test_a_program_has_as_many_lines_as_its_cells(cells: list[str | list[str]]) -> None:
    read = source(*map(code, cells))
    texts = ["".join(cell).replace("\r\n", "\n").replace("\r", "\n") for cell in cells]
    assert read.text.count("\n") == max(sum(text.count("\n") + 1 for text in texts) - 1, 0)
    assert len(read.cells) == len(cells)


PROGRAMS = sorted((GOLDEN / "4.5").glob("*/submission.py"))


@STEADY
@given(st.data())
def test_a_program_split_into_cells_anywhere_is_the_same_program(data: st.DataObject) -> None:
    read = read_program(data.draw(st.sampled_from(PROGRAMS)).read_bytes(), "w.py")
    if isinstance(read, Finding) or syntax_fault(read) is not None:
        return
    lines = read.text.split("\n")
    cuts = [0, *sorted(data.draw(st.sets(st.integers(1, max(len(lines) - 1, 1)), max_size=6))), len(lines)]
    cells = ["\n".join(lines[start:end]) for start, end in pairwise(cuts)]
    split = source(*map(code, cells))
    assert (split.text, split.faults) == (read.text, ())


@STEADY
@given(st.lists(PIECES).map("".join))
def test_python_is_never_changed(cell: str) -> None:
    cell = cell.replace("\r", "").replace("\0", "").replace("\ud800", "")
    try:
        compile(cell, "", "exec")
    except (SyntaxError, ValueError):
        return
    assert program(cell) == cell and program(cell, "%ls") == f"{cell}\npass  # %ls"
