"""Makes an exercise of otter's tests and of the program that answers them."""

from __future__ import annotations

import ast
import doctest
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.core.course.imported import Imported, ImportedTest, as_names, none_left
from grader.core.findings.telling import told
from grader.core.program.source import Source, syntax_fault
from grader.core.program.test_cells import Surroundings, as_function, bound_names, loaded_names
from grader.core.report.finding import Finding
from grader.core.words.errors import UsageFault
from grader.core.words.message import Message, say
from grader.integrations.importers.otter_notebook import is_assignment, read_assignment
from grader.integrations.importers.otter_tests import Case, NotUnderstood, Question, question_of, read_test_file
from grader.store.students.programs import read_program

_MODULE = "otter_cases"
_HELPERS = '''"""What otter's tests have around them: the names of a program, and examples with what they print."""

import doctest

import submission


class Names:
    """The names of the program, as the dict that otter hands to a test."""

    def __getitem__(self, name):
        if not hasattr(submission, name):
            raise KeyError(name)
        return getattr(submission, name)

    def __contains__(self, name):
        return hasattr(submission, name)

    def get(self, name, default=None):
        return getattr(submission, name, default)


def run_examples(text, names, around, shown, message=""):
    """Run examples beside the program's names; the first that prints something else fails the test.

    Args:
        around: other names that they use.
        shown: whether the example itself is told.
    """
    known = {**around, **{name: getattr(submission, name) for name in names if hasattr(submission, name)}}
    examples = doctest.DocTestParser().get_examples(text)
    runner = doctest.DebugRunner(verbose=False)
    try:
        runner.run(doctest.DocTest(examples, known, "case", None, None, None), out=lambda _: None, clear_globs=False)
    except doctest.UnexpectedException as error:
        raise error.exc_info[1] from None
    except doctest.DocTestFailure as failure:
        told = [message, failure.example.source.strip() if shown else ""]
        told += [f"expected: {failure.example.want.strip()}", f"got: {failure.got.strip()}"]
        raise AssertionError("\\n".join(line for line in told if line)) from None
'''


@dataclass
class _Found:
    """What was found at a path."""

    questions: list[Question] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    solution: Source | None = None
    starter: str = ""
    prompt: str = ""


def read_otter(path: Path, solution: Path | None = None, starter: Path | None = None) -> Imported:
    """Return what an assignment of otter asks and tests.

    Args:
        path: a test file, a folder of them, a folder that otter assign wrote, or a notebook.
        solution: the program or notebook that answers it, where `path` has none.
        starter: what students begin with; otherwise the solution without the bodies of its functions.

    Raises:
        UsageFault: where there is nothing to read, no solution, or no test that was understood.
    """
    found = _found(path)
    if solution is not None:
        found.solution = _program(solution)
    if found.solution is None:
        raise UsageFault(say("there is no solution beside {file}; say where it is: --solution FILE", file=path))
    if starter is not None:
        found.starter = _program(starter).text
    if not found.starter:
        found.starter = _without_bodies(found.solution.text)
        found.notes.append(say("there is no starter; it was made of the solution, without the bodies of its functions"))
    return _imported(path, found, found.solution)


def _found(path: Path) -> _Found:
    found = _Found()
    if path.suffix == ".ipynb":
        _take_notebook(found, path)
        return found
    folder = _tests_folder(path)
    files = [path] if path.is_file() else sorted(folder.glob("*.py"))
    if not files:
        raise UsageFault(say("{file} holds no test files of otter", file=path))
    for file in (file for file in files if file.name != "__init__.py"):
        try:
            found.questions.append(read_test_file(file.read_text(encoding="utf-8-sig"), file.name))
        except NotUnderstood as error:
            found.notes.append(error.message)
        except (OSError, UnicodeDecodeError) as error:
            found.notes.append(say("{file} cannot be read: {words}", file=file.name, words=str(error)[:200]))
    if path.is_dir():
        _take_notebooks(found, path)
    return found


def _tests_folder(path: Path) -> Path:
    inside = [path / "autograder" / "tests", path / "dist" / "autograder" / "tests", path / "tests"]
    return next((folder for folder in inside if folder.is_dir()), path)


def _take_notebooks(found: _Found, path: Path) -> None:
    """Look for what otter assign writes: the notebook with the answers, and the one for students."""
    for base in (path, path / "dist"):
        answers = sorted((base / "autograder").glob("*.ipynb"))
        students = sorted((base / "student").glob("*.ipynb"))
        if answers:
            found.solution = _program(answers[0])
            found.prompt = _prompt(answers[0])
            found.starter = _program(students[0]).text if students else ""


def _take_notebook(found: _Found, path: Path) -> None:
    content = _notebook(path)
    if is_assignment(content):
        assignment = read_assignment(content, path.name)
        found.questions, found.notes = assignment.questions, assignment.notes
        found.solution, found.starter = Source(assignment.solution, path.name), assignment.starter
        found.prompt = assignment.prompt
        return
    tests = content.get("metadata", {}).get("otter", {}).get("tests", {})
    for name, test in tests.items() if isinstance(tests, dict) else ():
        try:
            question = question_of(test, name) if isinstance(test, dict) else read_test_file(str(test), name)
            found.questions.append(question)
        except NotUnderstood as error:
            found.notes.append(error.message)
    found.solution, found.prompt = _program(path), _prompt(path)


def _imported(path: Path, found: _Found, solution: Source) -> Imported:
    around = Surroundings()
    around.add_answer(solution.text)
    tests = [test for question in found.questions for test in _tests(question, around.program, found.notes)]
    if not tests:
        raise UsageFault(none_left(path, found.notes))
    names = as_names(name for name, *_ in tests)
    imports = around.needed_by([_needs(case) for question in found.questions for case in question.cases])
    heading = f"import submission\n{imports}\nfrom {_MODULE} import Names, run_examples\n".replace("\n\n", "\n")
    made = tuple(
        ImportedTest(name, points, function.replace("test_case_(", f"test_{name}(", 1), hidden)
        for name, (_, points, function, hidden) in zip(names, tests, strict=True)
    )
    title = path.resolve().stem
    modules = {f"{_MODULE}.py": _HELPERS}
    solved = solution.text.strip("\n") + "\n"
    prompt = found.prompt or title
    return Imported(title, prompt, found.starter, solved, made, heading, modules, tuple(found.notes))


_Test = tuple[str, float, str, bool]


def _tests(question: Question, program: set[str], notes: list[Message]) -> Iterator[_Test]:
    """Yield name, points, function and whether it is hidden: a case is a check, unless all of them count together."""
    made: list[_Test] = []
    for place, (case, points) in enumerate(zip(question.cases, question.points, strict=True), 1):
        name = question.name if len(question.cases) == 1 else f"{question.name}_{place}"
        try:
            code = _code(case, question.cases[: place - 1], program)
            made.append((name, points, as_function("test_case_", code, set()), case.hidden))
        except (SyntaxError, ValueError) as error:
            what = say(
                "question {name}, case {case} was left out: {words}", name=question.name, case=place, words=error
            )
            notes.append(what)
    if question.all_or_nothing and len(made) > 1:
        bodies = [function.partition("\n")[2].rstrip("\n") for *_, function, _ in made]
        whole = "def test_case_():\n" + "\n".join(bodies) + "\n"
        yield question.name, sum(question.points), whole, any(hidden for *_, hidden in made)
    else:
        yield from made


def _code(case: Case, earlier: Sequence[Case], program: set[str]) -> str:
    if not case.doctest:
        given = [f"{name} = {'Names()' if name == 'env' else f'Names().get({name!r})'}" for name in case.parameters]
        told = case.code
        if case.message:
            inner = "\n".join(f"    {line}" for line in case.code.split("\n"))
            told = f"try:\n{inner}\nexcept AssertionError as error:\n"
            told += f"    raise AssertionError({case.message!r} + '\\n' + str(error)) from None"
        return "\n".join([*given, told])
    text = _with_earlier(case.doctest, [each.doctest for each in earlier if each.doctest])
    read = _read_by(text)
    names = sorted(read & program)
    # A text in quotes of three stands as it is; where it cannot, Python writes it.
    plain = "'''" not in text and "\\" not in text and not text.endswith("'")
    written = f"r'''\n{text}\n'''" if plain else repr(text)
    settings = f"shown={not case.hidden}" + (f", message={case.message!r}" if case.message else "")
    return f"run_examples({written}, {names!r}, globals(), {settings})"


def _statements(text: str) -> str:
    return "".join(example.source for example in doctest.DocTestParser().get_examples(text))


def _read_by(text: str) -> set[str]:
    tree = ast.parse(_statements(text))
    return loaded_names(tree) - bound_names(tree.body)


def _with_earlier(text: str, earlier: Sequence[str]) -> str:
    """Put before a case what earlier ones of its question bind and it reads: otter lets them share their names."""
    for before in reversed(earlier):
        bound = bound_names(ast.parse(_statements(before)).body)
        if bound & _read_by(text):
            text = f"{before}\n{text}"
    return text


def _needs(case: Case) -> str:
    return _statements(case.doctest) if case.doctest else case.code


def _program(path: Path) -> Source:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageFault(say("{file} cannot be read: {words}", file=path, words=error.strerror or "")) from None
    source = read_program(content, path.name)
    if isinstance(source, Finding):
        raise UsageFault(told(source))
    fault = syntax_fault(source)
    if fault is not None:
        raise UsageFault(told(fault))
    return source


def _notebook(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise UsageFault(say("{file} cannot be read: {words}", file=path, words=error.strerror or "")) from None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise UsageFault(say("{file} is no notebook: open it in Jupyter and save it again", file=path))
    return content


def _prompt(path: Path) -> str:
    cells = _notebook(path)["cells"]
    texts = ["".join(cell.get("source", "")).strip() for cell in cells if cell.get("cell_type") == "markdown"]
    return "\n\n".join(filter(None, texts))


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
