"""Classes of libraries are the same classes to the author's tests as to the program."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from examined import results, said, write_course
from repository import EVERYTHING

if sys.platform != "linux":
    pytest.skip("NOT TESTED HERE: only Linux can lock a box", allow_module_level=True)

from grader.sandbox.choose import make_box, try_level
from grader.sandbox.port import Sandbox

EXERCISE = """
format_version: 1
id: "9.1"
title: {en: t}
prompt: {en: p}
tests: [{name: it, points: 1, test: TestAll, partial: true}]
"""
NET = """
import abc, collections, dataclasses, decimal, enum, fractions, functools, pathlib, typing
import numpy as np
import torch
from torch import nn
class Base(nn.Module): pass
class Net(Base):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 1)
    def forward(self, x): return self.linear(x)
class Twin:
    def __call__(self, x): return x
class Module: pass
class Claims:
    __module__ = "torch.nn.modules.module"
    __qualname__ = "Module"
    __class__ = nn.Module
Linear = nn.Linear
optimizer = torch.optim.SGD(Net().parameters(), lr=0.1)
loader = torch.utils.data.DataLoader([1, 2])
class Points(torch.utils.data.Dataset): pass
Pair = collections.namedtuple("Pair", "x y")
pair = Pair(1, 2)
plain_pair = (1, 2)
ordered = collections.OrderedDict(a=1)
counted = collections.Counter("aab")
grouped = collections.defaultdict(list, {1: [2]})
queue = collections.deque([1, 2], 5)
half, exact = fractions.Fraction(1, 2), decimal.Decimal("0.1")
weight = nn.Parameter(torch.ones(2))
size = torch.ones(2, 3).shape
masked = np.ma.masked_array([1.0, 2.0], [True, False])
objects = np.array([Net, 3], dtype=object)
class Color(enum.Enum):
    RED = 1
class Level(enum.IntEnum):
    LOW = 3
color, level, three = Color.RED, Level.LOW, 3
@dataclasses.dataclass
class Point:
    x: float = 0.0
class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...
class Square(Shape):
    def area(self): return 1
def plain(x): return x
def steps(): yield 1
part = functools.partial(plain, 1)
path = pathlib.PurePosixPath("a/b")
class Loud(int):
    __eq__ = lambda *_: True
    __hash__ = None
loud = Loud(7)
huge = "x" * 10**7
"""
RIGHT = """
isinstance(s.Net(), nn.Module) and isinstance(s.Net(), (int, nn.Module)) and isinstance(s.Net(), int | nn.Module)
any(isinstance(each, nn.Linear) for each in s.Net().modules())
issubclass(s.Net, nn.Module) and issubclass(s.Net, s.Base) and issubclass(s.Net, (int, s.Base))
not isinstance(s.Net(), nn.Linear) and not issubclass(s.Net, nn.Linear)
not isinstance(s.Twin(), nn.Module) and not issubclass(s.Twin, nn.Module)
not isinstance(s.Module(), nn.Module) and not issubclass(s.Module, nn.Module)
not isinstance(s.Claims(), nn.Module) and not issubclass(s.Claims, nn.Module)
type(s.Net().linear) is nn.Linear and type(s.Net().linear) == nn.Linear and type(s.Net().linear) in (nn.ReLU, nn.Linear)
type(s.Net()) is s.Net and type(s.Net()) is not nn.Module and type(s.Net()) is not s.Base
s.Net().__class__ is s.Net and s.Net().linear.__class__ is nn.Linear and s.Net().__class__.__name__ == "Net"
s.Linear == nn.Linear and nn.Linear == s.Linear and s.Linear in {nn.Linear} and s.Linear != nn.ReLU
s.Linear is nn.Linear and nn.ReLU is not s.Linear and s.Net is s.Net and s.Net is not s.Base and s.plain is s.plain
isinstance(s.Net().linear, s.Linear) and issubclass(nn.Linear, s.Linear) and not isinstance(nn.ReLU(), s.Linear)
isinstance(s.optimizer, torch.optim.Optimizer) and type(s.optimizer) is torch.optim.SGD
isinstance(s.loader, torch.utils.data.DataLoader) and issubclass(s.Points, torch.utils.data.Dataset)
isinstance(s.pair, tuple) and isinstance(s.pair, s.Pair) and type(s.pair) is s.Pair and s.pair == (1, 2)
type(s.plain_pair) is tuple and not isinstance(s.plain_pair, s.Pair)
type(s.ordered) is collections.OrderedDict and s.ordered == collections.OrderedDict(a=1)
type(s.counted) is collections.Counter and s.counted.most_common(1) == [("a", 2)]
isinstance(s.grouped, collections.defaultdict) and type(s.grouped) is collections.defaultdict and s.grouped == {1: [2]}
type(s.queue) is collections.deque and s.queue == collections.deque([1, 2]) and s.queue.maxlen == 5
s.half == fractions.Fraction(1, 2) and s.exact == decimal.Decimal("0.1") and isinstance(s.half, numbers.Rational)
isinstance(s.weight, nn.Parameter) and isinstance(s.weight, torch.Tensor) and s.weight.requires_grad
type(s.size) is torch.Size and s.size == (2, 3)
isinstance(s.masked, np.ndarray) and isinstance(s.masked, np.ma.MaskedArray) and type(s.masked) is np.ma.MaskedArray
isinstance(s.color, enum.Enum) and isinstance(s.color, s.Color) and issubclass(s.Color, enum.Enum)
isinstance(s.level, enum.IntEnum) and isinstance(s.level, int) and isinstance(s.level, s.Level) and s.level == 3
not isinstance(s.three, enum.IntEnum) and type(s.three) is int and isinstance(s.three, numbers.Integral)
dataclasses.is_dataclass(s.Point) and dataclasses.is_dataclass(s.Point()) and not dataclasses.is_dataclass(s.Net)
issubclass(s.Square, s.Shape) and isinstance(s.Square(), s.Shape) and isinstance(s.Square(), abc.ABC)
isinstance(s.plain, types.FunctionType) and inspect.isfunction(s.plain) and callable(s.plain) and inspect.isclass(s.Net)
isinstance(s.steps(), types.GeneratorType) and isinstance(s.steps(), collections.abc.Iterator)
isinstance(s.part, functools.partial) and isinstance(s.path, pathlib.PurePath)
isinstance(s.Net, type) and not isinstance(s.Net(), type) and not isinstance(s.Net(), (int, str, list, float))
callable(s.Twin()) and not callable(s.Point()) and isinstance(s.Twin(), collections.abc.Callable)
not isinstance(s.Point(), collections.abc.Callable) and not isinstance(s.Point(), collections.abc.Iterable)
type(s.Net())().linear.weight.shape == (1, 3) and type(3) is int and type("A", (), {}).__name__ == "A"
s.loud != 8 and not (s.loud == 9) and isinstance(s.loud, int)
""".strip().splitlines()
IMPORTS = """
import abc, collections, collections.abc, dataclasses, decimal, enum, fractions, functools, inspect, numbers, pathlib
import types, typing
import numpy as np
import pytest
import torch
from torch import nn
import submission as s
"""


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    trial = try_level("full")
    if not trial.holds:
        pytest.skip(f"NOT TESTED HERE: this machine cannot lock a box: {trial.why}. {trial.mend}")
    box = make_box("full", ["pytest", "torch", "torch.optim"])
    yield box
    box.close()


def outcome(root: Path, box: Sandbox, *bodies: str, program: str = NET) -> tuple[float | None, str]:
    """Return the share of these tests that pass, and the words on the first that does not."""
    tests = "".join(f"    def test_{i}(self):\n        {body}\n" for i, body in enumerate(bodies))
    result = results(write_course(root, EXERCISE, f"{IMPORTS}\n\nclass TestAll:\n{tests}", ""), program, box)["it"]
    return result.score, said(result)


def test_what_holds_in_the_program_holds_in_a_test_and_its_contrary_does_not(tmp_path: Path, box: Sandbox) -> None:
    assert outcome(tmp_path, box, *(f"assert {fact}" for fact in RIGHT)) == (1, "")
    contrary = (f"with pytest.raises(AssertionError): assert not ({fact})" for fact in RIGHT)
    assert outcome(tmp_path, box, *contrary) == (1, "")


def test_pythons_own_ways_to_ask_agree(tmp_path: Path, box: Sandbox) -> None:
    asked = (
        "import unittest; unittest.TestCase().assertIsInstance(s.Net(), nn.Module)",
        "import unittest; unittest.TestCase().assertNotIsInstance(s.Twin(), nn.Module)",
        "assert all(map(lambda each: isinstance(each, nn.Module), s.Net().children()))",
        "\n        match s.Net().linear:\n            case nn.ReLU(): raise AssertionError\n"
        "            case nn.Linear(): pass\n            case _: raise AssertionError",
        "\n        match s.Twin():\n            case nn.Module(): raise AssertionError",
    )
    assert outcome(tmp_path, box, *asked) == (1, "")


def test_what_a_failed_isinstance_was_asked_of_is_told(tmp_path: Path, box: Sandbox) -> None:
    score, told = outcome(tmp_path, box, "assert isinstance(s.Twin(), (nn.Module, nn.Linear))")
    assert (score, "isinstance(Twin(…), (Module, Linear))" in told) == (0, True), told
    score, told = outcome(tmp_path, box, "assert issubclass(s.Twin, s.Base)")
    assert (score, "issubclass(Twin, Base)" in told) == (0, True), told


UNANSWERED = {
    "too large": "isinstance(s.huge, str)",
    "too large, its type": "type(s.huge) is str",
    "an array of objects": "isinstance(s.objects, np.ndarray)",
    "a protocol of the author's": "isinstance(s.Net(), Fits)",
}


@pytest.mark.parametrize("name", UNANSWERED)
def test_what_cannot_be_asked_stops_the_test_with_a_sentence(tmp_path: Path, box: Sandbox, name: str) -> None:
    protocol = "class Fits(typing.Protocol):\n            def forward(self, x): ..."
    made = f"Fits = typing.runtime_checkable(type('Fits', (typing.Protocol,), {{}}))\n        assert {UNANSWERED[name]}"
    score, told = outcome(tmp_path, box, f"{protocol}\n        {made}")
    assert (score, "cannot be asked here" in told) == (0, True), told


# A program that says of its objects whatever it likes: it has taken the place of what describes them.
_CLAIMS = """
import sys
class Liar:
    def __init__(self, *_, **__): pass
    def _yes(self, *_, **__): return True
    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = _yes
    __hash__ = None
    flat = ()
    shape = dtype = ndim = size = 0
    def __len__(self): return 0
    def __iter__(self): return iter(())
    def __getattr__(self, name): return self
    def __call__(self, *_, **__): return self
def answer(i): return kinds[i]()
kinds = [type("Liar", (Liar,), {"number": i}) for i in range(2 * len(CLAIMED))]
def told(cls):
    i = cls.__dict__.get("number", 0)
    does = ["__call__", "__eq__", "__float__", "__array__", "__len__"]
    return {"names": [CLAIMED[i // 2]], "exact": bool(i % 2), "does": does}
sys.modules["grader.sandbox.inside.tests.line"].kin = told
"""
_ANY = """
import unittest.mock
answer = unittest.mock._ANY
def __getattr__(name): return unittest.mock.ANY
"""
_VALUES = (
    "assert s.answer(3) == pytest.approx(9)",
    "assert pytest.approx(9) == s.answer(3)",
    "assert pytest.approx([9.0]) == s.answer(3)",
    "assert s.answer(3) == 9",
    "assert 9 == s.answer(3)",
    "assert [9] == [s.answer(3)]",
    "assert s.answer(3) in (9, 10)",
    "assert not s.answer(3) != 9",
    # An empty list is close to any number, for NumPy; not to two.
    "np.testing.assert_allclose(s.answer(3), [9.0, 9.0])",
    "np.testing.assert_equal(s.answer(3), [9.0, 9.0])",
    "np.testing.assert_array_equal(s.answer(3), np.array([9.0, 9.0]))",
    "torch.testing.assert_close(s.answer(3), torch.tensor(9.0))",
    "assert torch.equal(s.answer(3), torch.tensor(9.0))",
    "assert type(s.answer(3))(9) == 9 == s.answer(3)",
    "import math; assert math.isclose(s.answer(3), 9.0)",
    "import unittest; unittest.TestCase().assertAlmostEqual(s.answer(3), 9.0)",
    "import unittest; unittest.TestCase().assertEqual(s.answer(3), 9.0)",
    "import unittest; unittest.TestCase().assertEqual([9.0], s.answer(3))",
)
_CLAIMED = (
    "numpy:ndarray torch:Tensor builtins:float builtins:list builtins:dict fractions:Fraction decimal:Decimal "
    "_pytest.python_api:ApproxBase _pytest.python_api:ApproxScalar unittest.mock:_ANY unittest.mock:MagicMock "
    "test_hidden:TestAll numbers:Number torch.nn.modules.module:Module builtins:type builtins:BaseException"
).split()


def test_a_program_that_lies_about_its_classes_equals_nothing(tmp_path: Path, box: Sandbox) -> None:
    step = 1 if EVERYTHING else 4
    tests = [
        test.replace("s.answer(3)", f"s.answer({claim})")
        for place, test in enumerate(_VALUES)
        for claim in range(place % step, 2 * len(_CLAIMED), step)
    ]
    assert outcome(tmp_path, box, *tests, program=f"CLAIMED = {_CLAIMED}\n{_CLAIMS}")[0] == 0


def test_a_class_of_a_library_that_equals_everything_is_called_in_the_program(tmp_path: Path, box: Sandbox) -> None:
    assert outcome(tmp_path, box, *_VALUES, program=_ANY)[0] == 0


def test_a_class_is_none_of_the_authors_own_whatever_it_is_called(tmp_path: Path, box: Sandbox) -> None:
    tests = [f"assert isinstance(s.answer({i}), TestAll)" for i in range(2)]
    assert outcome(tmp_path, box, *tests, program=f"CLAIMED = ['test_hidden:TestAll']\n{_CLAIMS}")[0] == 0


def test_what_is_too_large_to_be_asked_may_be_imported_at_the_top(tmp_path: Path, box: Sandbox) -> None:
    body = "from submission import huge\n        assert len(huge) == 10**7"
    assert outcome(tmp_path, box, body) == (1, "")
    hidden = (
        f"{IMPORTS}\nfrom submission import huge, Net\n\nclass TestAll:\n    def test_it(self): assert len(huge) > 9\n"
    )
    result = results(write_course(tmp_path / "top", EXERCISE, hidden, ""), NET, box)["it"]
    assert (result.score, said(result)) == (1, "")
