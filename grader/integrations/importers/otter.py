"""Makes an exercise of otter's tests and of the program that answers them."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from grader.actions.author.importer import SystemImporter
from grader.core.course.imported import Imported, ImportedTest, as_names, none_left
from grader.core.program.notebooks.test_cells import Surroundings
from grader.core.program.source import Source
from grader.core.words.errors import UsageFault
from grader.core.words.message import say
from grader.core.words.options import option
from grader.integrations.importers.otter_code import HELPERS, MODULE, needs, tests_of
from grader.integrations.importers.otter_files import Found, find, read_answer


def read_otter(path: Path, solution: Path | None = None, starter: Path | None = None) -> Imported:
    """Return what an assignment of otter asks and tests.

    Args:
        path: a test file, a folder of them, a folder that otter assign wrote, or a notebook.
        solution: the program or notebook that answers it, where `path` has none.
        starter: what students begin with; otherwise the solution without the bodies of its functions.

    Raises:
        UsageFault: where there is nothing to read, no solution, or no test that was understood.
    """
    found = find(path)
    if solution is not None:
        found.solution = read_answer(solution)
    if found.solution is None:
        raise UsageFault(say("there is no solution next to {file}; give its path: --solution FILE", file=path))
    if starter is not None:
        found.starter = read_answer(starter).text
    if not found.starter:
        found.starter = _without_bodies(found.solution.text)
        found.notes.append(
            say("there is no starter; it was made from the solution by removing the bodies of its functions")
        )
    return _imported(path, found, found.solution)


def _imported(path: Path, found: Found, solution: Source) -> Imported:
    around = Surroundings()
    around.add_answer(solution.text)
    tests = [test for question in found.questions for test in tests_of(question, around.program, found.notes)]
    if not tests:
        raise UsageFault(none_left(path, found.notes))
    names = as_names(name for name, *_ in tests)
    imports = around.needed_by([needs(case) for question in found.questions for case in question.cases])
    heading = f"import submission\n{imports}\nfrom {MODULE} import Names, run_examples\n".replace("\n\n", "\n")
    made = tuple(
        ImportedTest(name, points, function.replace("test_case_(", f"test_{name}(", 1), hidden)
        for name, (_, points, function, hidden) in zip(names, tests, strict=True)
    )
    title = path.resolve().stem
    modules = {f"{MODULE}.py": HELPERS}
    solved = solution.text.strip("\n") + "\n"
    prompt = found.prompt or title
    return Imported(title, prompt, found.starter, solved, made, heading, modules, tuple(found.notes))


def _without_bodies(text: str) -> str:
    """Return a program as students might get it: its imports, and its functions with nothing but their docstrings."""
    kept: list[str] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            kept.append(ast.unparse(node))
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            kept.append(ast.unparse(_hollow(node)))
    return "\n\n\n".join(kept) + "\n"


def _hollow(node: ast.FunctionDef | ast.ClassDef) -> ast.stmt:
    if isinstance(node, ast.ClassDef):
        node.body = [_hollow(each) if isinstance(each, ast.FunctionDef | ast.ClassDef) else each for each in node.body]
        return node
    says = node.body[:1] if ast.get_docstring(node) is not None else []
    node.body = [*says, *ast.parse("raise NotImplementedError()").body]
    return node


@dataclass(frozen=True)
class OtterOptions:
    solution: Path | None = option(
        say("Program or notebook with the answers, where PATH has none."), say("FILE"), default=None
    )
    starter: Path | None = option(
        say("What students begin with (default: the solution with the bodies of its functions removed)."),
        say("FILE"),
        default=None,
    )


IMPORTER = SystemImporter(
    word="otter",
    summary=say("Import otter's test files, what otter assign wrote, or the notebook that it takes."),
    example="hw1/tests --solution hw1/answer.py",
    source=say("PATH"),
    options=OtterOptions,
    read=lambda path, options: read_otter(path, options.solution, options.starter),
)
