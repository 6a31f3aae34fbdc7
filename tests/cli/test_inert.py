"""What students wrote cannot act: no line is a command of a CI job's runner, and nothing drives a terminal."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import commanding
import pytest
from hypothesis import given
from hypothesis import strategies as st
from repository import ROOT

from grader.cli.printing import inert
from grader.cli.printing.inert import Inert, in_ci, json_text
from grader.cli.printing.streams import _Stream
from grader.core.words import message

HOSTILE = ROOT / "tests" / "hostile" / "forge_workflow_commands.py"
GITHUB, GITLAB = {"GITHUB_ACTIONS": "true", "CI": "true"}, {"GITLAB_CI": "true", "CI": "true"}
WITHOUT_WIDTH = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
COMMANDS = [
    "::error::x",
    "  \t::add-mask::0",
    "\u3000\u00a0::stop-commands::x",
    "\u200b\ufeff::notice::x",
    "##[set-output name=score]8",
    "text ##[error]x",
    "###[group]x",
    "##vso[task.complete result=Succeeded;]",
    "##teamcity[buildStatus status='SUCCESS']",
    "section_start:1560896352:marks\r\x1b[0K",
]


def commands(text: str) -> list[str]:
    """Return the lines that some runner would carry out, read as they read them."""
    return [
        line
        for line in re.split(r"\r\n|\r|\n", text)
        if line.translate({ord(each): None for each in WITHOUT_WIDTH}).lstrip().startswith("::")
        or re.search(r"##\w*\[|section_(start|end):\d", line)
    ]


def controls(text: str) -> list[str]:
    """Return what would move, colour or mislead where it is shown."""
    return re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", text)


class TestAJobsOutput:
    @pytest.mark.parametrize("line", COMMANDS)
    def test_holds_no_command(self, line: str) -> None:
        assert commands(line) and not commands(Inert(terminal=False, runner=True)(f"{line}\n"))

    @pytest.mark.parametrize("line", COMMANDS[:-1])
    def test_holds_none_that_is_written_in_pieces(self, line: str) -> None:
        for place in range(len(line)):
            write = Inert(terminal=False, runner=True)
            assert not commands("".join(map(write, ("a\n", line[:place], line[place:], "\n")))), place

    @pytest.mark.parametrize("terminal", [False, True])
    @given(text=st.lists(st.sampled_from([*COMMANDS, ":", "#", "[", "\n", "\r", " ", "\x1b[2m", "\x1b[0K", "a"])))
    def test_holds_none_whatever_is_written(self, terminal: bool, text: list[str]) -> None:
        written = "".join(map(Inert(terminal, runner=True), text))
        assert not commands(re.sub(r"\x1b\[[0-9;]*[mK]", "", written))

    @pytest.mark.parametrize("line", ["right: 2", "x[::2] is cut", "# heading [1]", "## heading", "a::b", "# [1]"])
    def test_keeps_what_is_no_command(self, line: str) -> None:
        assert Inert(terminal=False, runner=True)(f"  {line}\n") == f"  {line}\n"

    def test_shows_that_it_was_changed(self) -> None:
        assert Inert(terminal=False, runner=True)("  ::error::x\n##[group]\n") == "  | ::error::x\n# #[group]\n"

    @pytest.mark.parametrize("variables", [GITHUB, GITLAB, {"TF_BUILD": "True"}, {"TEAMCITY_VERSION": "2024.1"}])
    def test_is_known_by_what_a_runner_sets(self, variables: dict[str, str]) -> None:
        assert in_ci(variables)

    @pytest.mark.parametrize("variables", [{}, {"CI": ""}, {"CI": "false"}])
    def test_is_not_what_others_print(self, variables: dict[str, str]) -> None:
        assert not in_ci(variables)


class TestAStream:
    def test_and_messages_agree_on_what_controls(self) -> None:
        assert inert.CONTROL == message.CONTROL

    def written(self, *pieces: str, terminal: bool = False) -> str:
        stream = _Stream(io.BytesIO(), "utf-8", newline="\n")
        stream.inert = Inert(terminal, runner=False)
        stream.writelines(pieces)
        stream.flush()
        return stream.buffer.getvalue().decode()  # type: ignore[attr-defined, no-any-return]

    @pytest.mark.parametrize("text", ["\x1b]0;owned\x07", "\x9b2J", "\x1b[2J", "\x1bc", "\u202eabc", "a\rb", "\x1b[6n"])
    def test_controls_nothing(self, text: str) -> None:
        assert controls(text) and not controls(self.written(text))

    @pytest.mark.parametrize(
        "text", ["\x1b]0;owned\x07", "\x9b2J", "\x1b[2J", "\x1bc", "\u202eabc", "\x1b[6n", "\x1bP$q"]
    )
    def test_controls_nothing_of_a_terminal_but_colours_and_the_bar(self, text: str) -> None:
        assert self.written(text, terminal=True) != text
        ours = "\x1b[1;31mred\x1b[0m\r\x1b[2K\x1b[1A\x1b[?25l"
        assert self.written(ours, terminal=True) == ours

    def test_keeps_colours_lines_and_every_letter(self) -> None:
        text = "\x1b[32m✓\x1b[0m\tOʻzbekcha ŷ ∂\r\nso\n"
        assert self.written(text) == text


class TestJsonOnAJobsOutput:
    @given(st.text())
    def test_says_the_same_and_holds_no_command(self, text: str) -> None:
        for content in (text, f"##[{text}", f"section_start:1:{text}\x9b\U000e0041"):
            written = json_text({"message": content}, indent=2)
            assert json.loads(written) == {"message": content}
            assert not commands(written) and not controls(written)
            assert Inert(terminal=False, runner=True)(written) == written


@pytest.fixture(scope="class")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course in which a hostile program is recorded, graded, and in a class of odd names."""
    from repository import copy_course

    root = copy_course(tmp_path_factory.mktemp("inert") / "course")
    (root / "work").mkdir()
    (root / "work" / "4.5.py").write_bytes(HOSTILE.read_bytes())
    for name in ("s1", "::error::x", "\n::error file=x::y", "##[error]x", "\x1b]0;x\x07"):
        (root / "class" / name).mkdir(parents=True)
        (root / "class" / name / "4.5.py").write_bytes(HOSTILE.read_bytes())
        (root / "class" / name / "::notice::x.py").write_text("")
    for first in (["submit", "4.5"], ["grade", "class", "--only", "4.5"]):
        commanding.course(*first, cwd=root, COURSE_SECRET="s", COURSE_STUDENT="s1")
    return root


class TestEveryCommand:
    """Also those that show what others have recorded. Whichever runner it is, the same is written."""

    @pytest.mark.parametrize(
        "arguments",
        [
            ["submit", "4.5"],
            ["submit", "4.5", "--json"],
            ["submit", "all", "--junit", "r.xml", "--markdown", "r.md"],
            ["hint", "4.5"],
            ["hint", "4.5", "--json"],
            ["feedback", "4.5"],
            ["try", "work/4.5.py", "4.5"],
            ["try", "work/4.5.py", "4.5", "--json"],
            ["grade", "class", "--only", "4.5"],
            ["grade", "class", "--only", "4.5", "--json"],
            ["grade", "class", "--only", "4.5", "--csv", "-"],
            ["explain", "s1", "4.5"],
            ["explain", "s1", "4.5", "--json"],
            ["explain", "::error::x", "4.5"],
            ["explain", "::error::nobody", "4.5"],
            ["export", "csv", "--only", "4.5"],
            ["submit", "4.5", "\n::error::x.py"],
            ["submit", "\n::error::x"],
            ["\n::error::x"],
        ],
        ids=" ".join,
    )
    def test_prints_no_command_of_a_students(self, handed_in: Path, arguments: list[str]) -> None:
        done = commanding.course(*arguments, cwd=handed_in, **GITHUB, COURSE_SECRET="s", COURSE_STUDENT="s1")
        refused = arguments[-1].startswith("\n") or arguments[1:2] == ["::error::nobody"]
        assert done.returncode == 2 if refused else done.returncode in (0, 1), done.stderr
        assert not commands(done.stdout) and not commands(done.stderr)
        assert not controls(done.stdout) and not controls(done.stderr)
        if "--json" in arguments:
            json.loads(done.stdout)

    def test_sends_no_control_of_a_students_to_a_terminal(self, handed_in: Path) -> None:
        ours, theirs = pty.openpty()
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "LANG": "en_US.UTF-8"}
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "grader", "submit", "4.5"],
            cwd=handed_in, env=environment, stdin=theirs, stdout=theirs, stderr=theirs,
        )  # fmt: skip
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 1 << 16):
                shown += piece
        except OSError:
            # Linux says that nobody writes any more.
            pass
        assert process.wait() == 1 and b"::add-mask::0" in shown
        # Colours are ours, and the line that says what goes on until the report is there.
        text = re.sub(r"\x1b\[[0-9;]*m|\r\x1b\[2K", "", shown.decode()).replace("\r\n", "\n")
        assert not controls(text)
