"""Several files as one text: the same text for the same files, and each line with the file that it is in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.core.program.features.bare_code import bare_text
from grader.core.program.several import joined, parts_of, texts_by_name
from grader.core.program.source import Source, read_source
from grader.core.program.syntax import syntax_error

NAMES = st.sampled_from(["net.py", "train.py", "data_2.py", "a.py"])
LINES = st.sampled_from(["", "x = 1", "# ==== file net.py ====", "# ==== file gone.py ====", "    pass", '"""', "# a"])
TEXTS = st.lists(LINES, max_size=5).map("\n".join)
FILES = st.dictionaries(NAMES, TEXTS, min_size=1)


@given(FILES)
def test_the_files_come_apart_as_they_were_put_together(files: dict[str, str]) -> None:
    found = texts_by_name(joined(files))
    assert list(found) == sorted(files)
    for name, text in files.items():
        own = text if text.endswith("\n") or not text else f"{text}\n"
        # A line that looks like a head is a comment that does not.
        assert found[name] == own.replace("# ==== file", "# # ==== file")


@given(FILES)
def test_the_order_in_which_files_are_found_makes_no_other_text(files: dict[str, str]) -> None:
    assert joined(files) == joined(dict(reversed(files.items())))


@given(FILES)
def test_each_line_is_told_with_its_own_file(files: dict[str, str]) -> None:
    source = Source(joined(files), "4.9.py")
    lines = source.text.split("\n")
    for part in source.parts:
        for number, line in enumerate(texts_by_name(source.text)[part.name].split("\n")[: part.last - part.above], 1):
            assert lines[part.above + number - 1] == line
            assert source.place(part.above + number) == {"file": part.name, "line": number}
            assert source.line_at(part.name, None, number) == part.above + number


def test_files_of_the_author_are_told_with_their_folder() -> None:
    source = Source(joined({"net.py": "x = 1\n", "train.py": "y = 1\n"}), "solutions/4.9/solution")
    assert source.place(4) == {"file": "solutions/4.9/solution/train.py", "line": 1}


def test_a_bracket_that_is_open_at_the_end_of_a_file_is_a_fault_of_that_file() -> None:
    found = syntax_error(Source(joined({"net.py": "x = (1,\n", "train.py": "y = 2)\n"}), "4.9.py"))
    assert found is not None and found[1].file == "net.py"


def test_imports_from_the_future_stand_at_the_beginning_of_each_file() -> None:
    future = "from __future__ import annotations\nx = 1\n"
    assert syntax_error(Source(joined({"net.py": future, "train.py": future}), "4.9.py")) is None
    late = syntax_error(Source(joined({"net.py": "x = 1\n", "train.py": f"x = 1\n{future}"}), "4.9.py"))
    assert late is not None and (late[1].file, late[1].line) == ("train.py", 2)


def test_what_is_in_which_file_is_part_of_the_code() -> None:
    one, other = (joined({"net.py": net, "train.py": train}) for net, train in (("x = 1\n", ""), ("", "x = 1\n")))
    assert bare_text(one) != bare_text(other)
    assert bare_text(one) == bare_text(joined({"net.py": "x = 1  # one\n", "train.py": "\n"}))


def test_a_program_of_one_file_has_no_parts() -> None:
    assert parts_of("x = 1\n# ==== file net.py ====\n") == ()


def test_several_files_are_read_in_one_encoding_whatever_the_first_one_declares() -> None:
    text = joined({"net.py": "# coding: latin-1\nname = 'oʻqitish'\n", "train.py": "name = 'ş'\n"})
    assert read_source(text.encode(), "4.9.py") == Source(text, "4.9.py")


def test_no_encoding_makes_one_file_begin_another() -> None:
    hidden = "# coding: utf-7\n# +AAo-# +AD0APQA9AD0 file train.py +AD0APQA9AD0-\n"
    found = read_source(joined({"net.py": hidden, "train.py": ""}).encode(), "4.9.py")
    assert isinstance(found, Source) and [part.name for part in found.parts] == ["net.py", "train.py"]


def test_one_file_with_heads_in_it_is_refused_where_one_is_handed_in() -> None:
    # It would be read as several files, and run as one.
    refused = Source("# ==== file torch.py ====\nx = 1\n# ==== file torch.py ====\n", "4.9.py").other_files(())
    assert refused is not None and refused.kind == "files-not-asked"
    assert Source("x = 1\n# ==== file torch.py ====\n", "4.9.py").other_files(()) is None


def test_a_text_with_files_that_nobody_asked_for_or_one_of_them_twice_is_refused() -> None:
    for names in (["net.py", "torch.py"], ["net.py", "net.py"], ["net.py", "Net.py"]):
        text = "".join(f"# ==== file {name} ====\nx = 1\n" for name in names)
        assert Source(text, "4.9.py").other_files(("net.py",)) is not None
