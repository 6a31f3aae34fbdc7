"""Names for programs that are not right: each holds on all probes or is not given, and no observation breaks it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.core.compare.comparison import Comparison
from grader.core.compare.kinds.final import CompareFinal
from grader.core.compare.kinds.gradient import CompareGradient
from grader.core.compare.kinds.output import CompareOutput
from grader.core.compare.kinds.parameter import CompareParameter
from grader.core.compare.kinds.stores import CompareStores
from grader.core.compare.kinds.trace import CompareTrace
from grader.core.compare.kinds.value import CompareValue
from grader.core.compare.tolerance import Expected, Observation
from grader.core.course.checks.call import Call
from grader.core.course.draws.draw import Array
from grader.core.course.exercise import Check
from grader.core.diagnose.diagnose import AnswerSide, Case, diagnosed, meaning
from grader.core.diagnose.training_patterns import patterns_of_training
from grader.core.diagnose.wrong_programs import KnownWrong, WrongProgram, seen_at
from grader.core.findings.telling import told, told_check
from grader.core.judge.shows import evidence_of
from grader.core.program.source import Source
from grader.core.report.finding import finding
from grader.core.report.report import CheckResult, Verdict
from grader.core.run.observation import Called, Loaded, OtherModule, Raised, Ran, Run, RunStatus, Stop, Value
from grader.core.run.trace import Backward, Floats, Leaf, Trace
from grader.core.words.message import Text
from grader.core.words.numbers import show

STEADY = settings(deadline=None, derandomize=True, max_examples=30)
TRACE = CompareTrace(("loss", "gradient", "parameter"))
LOOP = Check("loop", 4, (TRACE, CompareFinal("w")), script=True, samples=("x", "y"))
FORWARD = Check("forward", 2, (CompareValue(),), calls=(Call("forward", ("x",)),))
GRADIENTS = replace(FORWARD, compare=(CompareValue(), CompareGradient("w")))
OUTPUT = Check("output", 1, (CompareOutput(),), script=True)
STORES = Check("stores", 1, (CompareStores("w"),), script=True)
PROGRAM = Source("import torch\nw = 1.0\nl.backward()\nw.grad.zero_()\n", "prog.py")
NOTHING_KNOWN = AnswerSide(PROGRAM, [])


@pytest.fixture(autouse=True)
def _no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def numbers_of(**named: Any) -> dict[str, Array]:
    arrays = {name: np.array(value, dtype=float) for name, value in named.items()}
    return {name: Array(array.shape, tuple(array.reshape(-1).tolist())) for name, array in arrays.items()}


PROBES = [numbers_of(x=2.25, y=1.5), numbers_of(x=-3.5, y=0.75), numbers_of(x=0.625, y=-4.5)]


def tensor(value: Any, dtype: str = "float32", **more: Any) -> Value:
    return Value("tensor", "Tensor", dtype, data=np.array(value, dtype=float), **more)


def returned(*values: Any, dtype: str = "float32", **gradients: Any) -> Observation:
    arrays = {name: (None if each is None else np.array(each, dtype=float),) for name, each in gradients.items()}
    results = tuple(tensor(value, dtype) for value in values)
    called = Called(values=results or (tensor(0.0),) * bool(gradients), gradients=arrays)
    return Observation(Run(RunStatus.COMPLETED), called)


def scripted(
    trace: Trace | None = None, w: Any = 1.0, stores: Any = None, stdout: str = "", **more: Any
) -> Observation:
    stores = None if stores is None else np.array(stores, dtype=float)
    left: dict[str, Any] = {"raised": None, "unbound": (), "odd": {}, "finals": {"w": tensor(w)}}
    return Observation(
        Run(RunStatus.COMPLETED, ran=Ran(**{**left, **more, "trace": trace, "stores": stores}), stdout=stdout)
    )


def raising(words: str, line: int = 1, trace: Trace | None = None, kind: str = "AttributeError") -> Observation:
    return scripted(trace, raised=Raised(kind, words, line))


def case_of(
    check: Check,
    mine: Sequence[Observation],
    right: Sequence[Observation],
    numbers: Sequence[dict[str, Array]] | None = None,
    source: Source = PROGRAM,
    noise: float = 0.0,
) -> Case:
    expected = []
    for observation in right:
        arrays = [item.arrays(observation) for item in check.compare]
        expected.append(tuple(Expected(observation, each, dict.fromkeys(each, noise)) for each in arrays))
    return Case(check, source, [list(mine)], 0, expected, numbers or [numbers_of(x=[1, 2, 3], y=[2, 4, 6])] * len(mine))


def names(*arguments: Any, known: AnswerSide = NOTHING_KNOWN, **more: Any) -> list[str]:
    return [each.name for each in diagnosed(case_of(*arguments, **more), known)]


def wrong(
    name: str,
    check: Check,
    *signatures: Sequence[Observation],
    single: Sequence[Observation] | None = None,
    text: str = "pass",
) -> KnownWrong:
    """Return a wrong program that showed these observations, per signature; `single` where its float32 run differs."""
    source = Source(text, f"{name}.py")
    program = WrongProgram(name, Text.of({"en": name}), (), text.encode(), source.filename)
    seen = tuple(seen_at(check, observations, single or observations, source) for observations in signatures)
    return KnownWrong(program, source, seen)


def knowing(*programs: KnownWrong, solution: Source = PROGRAM) -> AnswerSide:
    return AnswerSide(solution, programs)


# Forms of calls

EXPECTED = [8.0, -3.5, 0.375]


def forward(transform: Callable[[float, float], Any], dtype: str = "float32") -> list[str]:
    """Return the names of what gives `transform(right value, x)` on every probe."""
    right = [returned(value) for value in EXPECTED]
    given_x = [probe["x"].numbers[0] for probe in PROBES]
    mine = [returned(transform(value, x), dtype=dtype) for value, x in zip(EXPECTED, given_x, strict=True)]
    return names(FORWARD, mine, right, PROBES)


@pytest.mark.parametrize(
    ("transform", "name"),
    [
        (lambda right, x: -right, "sign-flipped"),
        (lambda right, x: 2 * right, "scaled"),
        (lambda right, x: right / 2, "scaled"),
        (lambda right, x: right / x, "chain-factor-missing"),
        (lambda right, x: np.nan, "not-a-number"),
        (lambda right, x: round(right * 1.01234, 9) / 1.01234 + 0 * x, None),
        (lambda right, x: right * 1.0173 + x, None),
    ],
)
def test_a_form_is_named_where_it_holds_on_all_probes_and_not_where_one_is_off(
    transform: Callable[[float, float], float], name: str | None
) -> None:
    assert forward(transform) == ([name] if name else [])
    first = [True]

    def but_once(right: float, x: float) -> float:
        return transform(right, x) + 1.37 if first.pop() else transform(right, x) if first else right

    def all_but_one(right: float, x: float) -> float:
        return 17.31 if right == EXPECTED[1] else transform(right, x)

    assert forward(all_but_one) == []


def test_a_number_rounded_to_few_digits_is_low_precision() -> None:
    right = [returned(value) for value in (8.12345, -3.54321, 0.37519)]
    assert names(FORWARD, [returned(v) for v in (8.12, -3.54, 0.38)], right, PROBES) == ["low-precision"]
    assert names(FORWARD, [returned(v) for v in (8.12, -3.54, 0.39)], right, PROBES) == []


@pytest.mark.parametrize(("dtype", "bits"), [("float16", 11), ("bfloat16", 8)])
def test_half_precision_is_told_by_its_dtype(dtype: str, bits: int) -> None:
    def rounded(right: float, x: float) -> float:
        return right * (1 + 2.0**-bits)

    assert forward(rounded, dtype) == ["low-precision"]
    assert forward(rounded, "float32") == []


def test_the_number_itself_in_place_of_its_square_is_told_by_its_sign() -> None:
    right = [returned(value**2) for value in EXPECTED]
    assert names(FORWARD, [returned(v) for v in EXPECTED], right, PROBES) == ["loss-not-squared"]
    absolute = [returned(abs(v)) for v in EXPECTED]
    assert names(FORWARD, absolute, right, PROBES) == ["loss-absolute", "loss-not-squared"]


def test_a_matrix_with_rows_and_columns_exchanged_is_transposed() -> None:
    matrices = [np.arange(6.0).reshape(2, 3) * factor for factor in (1, -2, 3)]
    right = [returned(each) for each in matrices]
    assert names(FORWARD, [returned(each.T) for each in matrices], right, PROBES) == ["transposed"]
    one_off = [returned(each.T) for each in matrices[:2]] + [returned(matrices[2].T + 1)]
    assert names(FORWARD, one_off, right, PROBES) == []


@pytest.mark.parametrize("count", [3, 7])
@pytest.mark.parametrize("whole", [True, False])
def test_a_sum_where_a_mean_belongs_is_told_with_the_number_of_samples(count: int, whole: bool) -> None:
    probes = [numbers_of(x=np.ones(count))] * 3
    factor = count if whole else 1 / count
    right, mine = ([returned(scale * v) for v in EXPECTED] for scale in (1, factor))
    (named,) = diagnosed(case_of(FORWARD, mine, right, probes), NOTHING_KNOWN)
    assert named.name == "scaled"
    assert str(count) in told(named.hint).said(str)


def test_a_gradient_for_each_sample_is_not_summed_over_the_batch() -> None:
    right = [returned(1.0, w=[2.0, 4.0])] * 2
    mine = [returned(1.0, w=[[1.0, 1.5], [0.5, 0.5], [0.5, 2.0]])] * 2
    assert names(GRADIENTS, mine, right, PROBES[:2]) == ["not-summed-over-batch"]


def test_a_gradient_that_is_missing_behind_a_right_value_is_a_cut_graph() -> None:
    right = [returned(value, w=2.0) for value in EXPECTED]
    assert names(GRADIENTS, [returned(v, w=None) for v in EXPECTED], right, PROBES) == ["graph-cut"]
    assert names(GRADIENTS, [returned(v + 1.1, w=None) for v in EXPECTED], right, PROBES) == []
    some = [returned(v, w=None if v < 0 else 2.0) for v in EXPECTED]
    assert names(GRADIENTS, some, right, PROBES) == []


@pytest.mark.parametrize(
    "called",
    [
        Called(missing="forward"),
        Called(signature="a, b"),
        Called(unbound=("w",)),
        Called(values=(Value("none", "NoneType"),)),
        Called(values=(tensor(1.0),), backward_raised=Raised("RuntimeError", "no", 1)),
    ],
)
def test_where_there_was_nothing_to_derive_no_graph_was_cut(called: Called) -> None:
    check = replace(FORWARD, compare=(CompareGradient("w"),))
    mine = [Observation(Run(RunStatus.COMPLETED), called)] * 2
    assert "graph-cut" not in names(check, mine, [returned(1.0, w=2.0)] * 2, PROBES[:2])


@STEADY
@given(st.lists(st.tuples(st.floats(0.5, 9), st.floats(0.5, 9)), min_size=4, max_size=6))
def test_unrelated_numbers_are_given_no_name(pairs: list[tuple[float, float]]) -> None:
    # Seven decimals that no rounding makes, and factors that differ from probe to probe.
    pairs = [(a + 0.1234567, b + 0.7654321) for a, b in pairs]
    factors = [b / a for a, b in pairs]
    roots = [b / a**0.5 for a, b in pairs]
    assume(max(factors) - min(factors) > 0.01 and max(roots) - min(roots) > 0.01)
    probes = [numbers_of(x=2.0 + place) for place in range(len(pairs))]
    assume(not all(abs(a - b * (2.0 + i)) < 1e-3 for i, (a, b) in enumerate(pairs)))
    right, mine = ([returned(pair[which]) for pair in pairs] for which in (0, 1))
    assert names(FORWARD, mine, right, probes) == []


# Trainings


def train(
    x: Floats,
    y: Floats,
    *,
    rate: float = 0.01,
    steps: int = 9,
    zeroed: Callable[[int], bool] = lambda step: True,
    driver: str = "after",
    scale: float = 1.0,
    sign: float = 1.0,
    late: bool = False,
    precise: Callable[[Floats], Floats] = lambda numbers: numbers,
    dtype: type[np.floating[Any]] = np.float64,
) -> Observation:
    """Return what a training of the lecture's model shows: one sample a step, one weight for each column of x."""
    w = np.ones(x.shape[1], dtype)
    grad = np.zeros_like(w)
    x, y, records = x.astype(dtype), y.astype(dtype), []
    for step in range(steps):
        sample, target = x[step % len(x)], y[step % len(y)]
        off = (sample * w).sum() - target
        loss, fresh = np.array([off * off]), (sign * 2 * off * sample).astype(dtype)
        grad = grad + fresh
        records.append(Backward(loss.astype(float), (Leaf(w.astype(float), fresh.astype(float), grad.astype(float)),)))
        drive = grad if driver == "after" else np.broadcast_to(loss, w.shape)
        if not (late and step == 0):
            w = precise((w - dtype(rate * scale) * drive).astype(dtype)).astype(dtype)
        if zeroed(step):
            grad = np.zeros_like(w)
    return scripted(Trace(tuple(records), len(records), (w.astype(float),)), w.astype(float))


DATA = np.array([[1.1, 0.4], [2.3, 1.7], [0.6, 2.9]])
TARGETS = np.array([3.7, 5.1, 1.3])


def law(columns: int = 1, probes: int = 2, **broken: Any) -> list[str]:
    data = [(DATA[:, :columns] * (1 + 0.13 * probe), TARGETS * (1 + 0.21 * probe)) for probe in range(probes)]
    right = [train(x, y) for x, y in data]
    mine = [train(x, y, dtype=np.float32, **broken) for x, y in data]
    numbers = [numbers_of(x=x[:, 0], y=y) for x, y in data]
    return names(LOOP, mine, right, numbers, noise=1e-7)


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ({"zeroed": lambda step: False}, "accumulated"),
        ({"zeroed": lambda step: step % 3 == 2}, "accumulated"),
        ({"zeroed": lambda step: step % 2 == 1}, "accumulated"),
        ({"scale": -1.0}, "update-sign"),
        ({"scale": 10.0}, "scaled"),
        ({"scale": 1 / 3}, "scaled"),
        ({"driver": "loss"}, "updated-with-loss"),
        ({"sign": -1.0}, "sign-flipped"),
        ({"precise": lambda numbers: np.round(numbers, 2)}, "low-precision"),
        ({"precise": lambda numbers: numbers.astype(np.float16)}, "low-precision"),
    ],
)
def test_a_training_with_one_law_broken_is_given_its_name(columns: int, broken: dict[str, Any], name: str) -> None:
    assert name in law(columns, **broken)[:1]


def test_a_training_whose_first_step_is_lost_is_one_step_late_where_nothing_else_changes() -> None:
    x, y = np.full((3, 1), 1.5), np.full(3, 4.0)
    assert names(LOOP, [train(x, y, late=True)], [train(x, y)]) == ["stale-parameter"]


def test_a_law_that_holds_on_one_probe_only_is_not_named() -> None:
    right = train(DATA[:, :1], TARGETS)
    mine = [train(DATA[:, :1], TARGETS, scale=-1.0), train(DATA[:, :1], TARGETS, zeroed=lambda step: False)]
    assert names(LOOP, mine, [right, right]) == []


@STEADY
@given(
    st.floats(1e-5, 0.3),
    st.integers(1, 40),
    st.integers(1, 3),
    st.lists(st.floats(-3, 3), min_size=12, max_size=12),
    st.sampled_from([np.float32, np.float64]),
)
def test_a_right_training_is_given_no_name_whatever_its_numbers(
    rate: float, steps: int, columns: int, drawn: list[float], dtype: Any
) -> None:
    x, y = np.array(drawn[:9]).reshape(3, 3)[:, :columns], np.array(drawn[9:])
    with np.errstate(all="ignore"):
        mine, right = (train(x, y, rate=rate, steps=steps, dtype=each) for each in (dtype, np.float64))
        noise = float(np.abs(mine.run.ran.finals["w"].data - right.run.ran.finals["w"].data).max())  # type: ignore
    assume(np.isfinite(noise) and noise < 1e-3)
    case = case_of(LOOP, [mine], [right], noise=noise)
    with np.errstate(all="ignore"):
        forms = patterns_of_training(LOOP, case.observations[0], case.expected, case.numbers)
    assert [form.name for form in forms] == []


BROKEN = {
    "accumulated": {"zeroed": lambda step: False},
    "update-sign": {"scale": -1.0},
    "scaled": {"scale": 3.0},
    "sign-flipped": {"sign": -1.0},
}


@STEADY
@given(
    st.sampled_from(sorted(BROKEN)),
    st.floats(0.001, 0.02),
    st.integers(4, 30),
    st.integers(1, 3),
    st.lists(st.floats(0.5, 2.5), min_size=12, max_size=12),
)
def test_any_training_with_one_law_broken_is_given_its_name(
    name: str, rate: float, steps: int, columns: int, drawn: list[float]
) -> None:
    x, y = np.array(drawn[:9]).reshape(3, 3)[:, :columns], 3 * columns + np.array(drawn[9:])
    right = train(x, y, rate=rate, steps=steps)
    mine = train(x, y, rate=rate, steps=steps, dtype=np.float32, **BROKEN[name])
    assume(np.abs(mine.run.ran.finals["w"].data).max() < 1e6)  # type: ignore[union-attr, operator]
    assert names(LOOP, [mine], [right], noise=1e-6)[:1] == [name]


@STEADY
@given(st.integers(0, 2**32 - 1), st.integers(3, 20))
def test_a_record_of_unrelated_numbers_is_given_no_name(seed: int, steps: int) -> None:
    draw = np.random.default_rng(seed)

    def record() -> Observation:
        leaves = [Leaf(draw.normal(size=1), draw.normal(size=1), draw.normal(size=1)) for _ in range(steps)]
        return scripted(Trace(tuple(Backward(draw.normal(size=1), (leaf,)) for leaf in leaves), steps))

    right = [train(DATA[:, :1], TARGETS)] * 2
    assert names(LOOP, [record(), record()], right) == []


def test_a_vector_loss_that_was_given_its_gradient_breaks_no_law_of_ours() -> None:
    right = train(DATA[:, :1], TARGETS)
    assert right.run.ran is not None and right.run.ran.trace is not None
    steps = [
        Backward(np.arange(3.0), (step.leaves[0]._replace(before=step.leaves[0].before + place**2),))
        for place, step in enumerate(right.run.ran.trace.steps)
    ]
    assert names(LOOP, [scripted(Trace(tuple(steps), len(steps)))], [right]) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [([1.0, 0.8, 0.5], ["update-sign", "sign-flipped"]), ([1.0, 1.6, 2.0], ["scaled"]), ([1.0, 1.2, 9.0], [])],
)
def test_the_values_of_a_variable_are_held_to_the_first_change(values: list[float], expected: list[str]) -> None:
    assert names(STORES, [scripted(stores=values)], [scripted(stores=[1.0, 1.2, 1.4])]) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (tensor(1, "int64"), ["integer-leaf"]),
        (tensor(1.0), ["graph-cut"]),
        (tensor(2.0, requires_grad=True, leaf=True), []),
        (Value("number", "float", data=np.array(1.0)), []),
        (Value("none", "NoneType"), []),
    ],
)
def test_what_a_parameter_lacks_is_named(value: Value, expected: list[str]) -> None:
    check = Check("variable", 1, (CompareParameter("w"),), script=True)
    right = [scripted(finals={"w": tensor(1.0, requires_grad=True, leaf=True)})]
    assert names(check, [scripted(finals={"w": value})], right) == expected


# Likeness to wrong programs

RIGHT_VALUES = [returned(value) for value in EXPECTED]
ODD = [returned(value) for value in (17.31, 2.89, -5.77)]


def test_the_numbers_of_a_wrong_program_on_every_probe_are_its_name() -> None:
    known = knowing(wrong("wrong-variable", FORWARD, ODD))
    assert names(FORWARD, ODD, RIGHT_VALUES, PROBES, known=known) == ["wrong-variable"]
    assert names(FORWARD, [*ODD[:2], returned(-5.78)], RIGHT_VALUES, PROBES, known=known) == []


def test_a_wrong_programs_name_goes_before_any_form() -> None:
    flipped = [returned(-value) for value in EXPECTED]
    known = knowing(wrong("operand-order", FORWARD, flipped))
    assert names(FORWARD, flipped, RIGHT_VALUES, PROBES) == ["sign-flipped"]
    assert names(FORWARD, flipped, RIGHT_VALUES, PROBES, known=known) == ["operand-order"]


def test_wrong_programs_of_one_name_are_one_answer() -> None:
    known = knowing(wrong("a", FORWARD, ODD), wrong("a", FORWARD, ODD), wrong("b", FORWARD, ODD))
    assert sorted(names(FORWARD, ODD, RIGHT_VALUES, PROBES, known=known)) == ["a", "b"]


def test_of_wrong_programs_that_do_the_same_the_source_decides_which_comes_first() -> None:
    squares = wrong("no-square", FORWARD, ODD, text="def loss(a, b):\n    return abs(a - b)\n")
    halved = wrong("halved", FORWARD, ODD, text="def loss(a, b):\n    return (a - b) ** 2 / 2.5\n")
    solution = Source("def loss(a, b):\n    return (a - b) ** 2\n", "solution.py")
    mine = Source("def xato(u, v):\n    return abs(u - v)\n", "prog.py")
    for known in (knowing(squares, halved, solution=solution), knowing(halved, squares, solution=solution)):
        assert names(FORWARD, ODD, RIGHT_VALUES, PROBES, known=known, source=mine) == ["no-square", "halved"]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("whole-division", "def accuracy(p, y):\n    return (p == y).sum() / len(y)\n", []),
        ("whole-division", "def accuracy(p, y):\n    return (p == y).sum() // len(y)\n", ["whole-division"]),
        ("scores-returned", "def predict(model, x):\n    return model(x).argmax()\n", []),
        ("printed-not-returned", "def forward(x):\n    x * w\n", []),
        ("printed-not-returned", "def forward(x):\n    print(x * w)\n", ["printed-not-returned"]),
        ("other-scale", "def train(x, y):\n    w -= 0.01 * np.mean((x * w - y) * x)\n", []),
        ("other-scale", "def train(x, y):\n    x = (x - x.mean()) / x.std()\n", ["other-scale"]),
        ("loss-unchanged", "def train(x, y):\n    loss.backward()\n    opt.step()\n", ["accumulated"]),
        ("diverged", "def train(x, y):\n    opt.zero_grad()\n    loss.backward()\n    opt.step()\n", ["diverged"]),
        ("another-model", "def fit(model):\n    loss = nn.MSELoss()\n", []),
        ("parameter-not-updated", "def fit(model):\n    loss.backward\n    opt.step()\n", ["never-called"]),
        ("parameter-not-updated", "def fit(model):\n    loss.backward()\n", ["parameter-not-updated"]),
    ],
)
def test_a_name_is_not_given_to_a_program_that_has_nothing_to_make_the_mistake_with(
    name: str, text: str, told: list[str]
) -> None:
    known = knowing(wrong(name, FORWARD, ODD, text="print(1)\n"))
    assert names(FORWARD, ODD, RIGHT_VALUES, PROBES, known=known, source=Source(text, "9.3.py")) == told


def test_three_names_for_a_training_without_a_backward_pass_are_one_answer() -> None:
    known = knowing(*(wrong(name, FORWARD, ODD) for name in ("zeroed-before-update", "another-model")))
    source = Source("for i in range(3):\n    loss.backward\n    opt.step()\n", "5.4.py")
    assert names(FORWARD, ODD, RIGHT_VALUES, PROBES, known=known, source=source) == ["never-called"]


def test_a_loss_function_that_was_not_made_is_named_by_what_torch_says_of_it() -> None:
    source = Source("criterion = nn.MSELoss\nloss = criterion(y_pred, y)\n", "5.4.py")
    words = "Boolean value of Tensor with more than one value is ambiguous"
    mine = [raising(words, line=2, kind="RuntimeError")] * 3
    assert names(FORWARD, mine, RIGHT_VALUES, PROBES, source=source) == ["loss-not-made"]
    mine = [raising("'MSELoss' object has no attribute 'backward'", line=2)] * 3
    assert names(FORWARD, mine, RIGHT_VALUES, PROBES, source=source) == ["loss-not-made"]


def unfilled(*shapes: tuple[int, ...], unregistered: int = 0) -> Observation:
    layout = tuple((str(place), shape) for place, shape in enumerate(shapes))
    module = OtherModule("model", "", layout, unregistered)
    return Observation(Run(RunStatus.COMPLETED), Called(module=module))


def test_of_modules_that_cannot_be_filled_the_parameters_tell_which_mistake_it_is() -> None:
    known = knowing(
        wrong("layers-in-list", FORWARD, [unfilled(unregistered=4)] * 3),
        wrong("last-layer-missing", FORWARD, [unfilled((5, 7), (5,))] * 3),
    )
    given_a_list = [unfilled(unregistered=6)] * 3
    assert names(FORWARD, given_a_list, RIGHT_VALUES, PROBES, known=known) == ["layers-in-list"]
    assert names(FORWARD, [unfilled((5, 7), (5,))] * 3, RIGHT_VALUES, PROBES, known=known) == ["last-layer-missing"]
    assert names(FORWARD, [unfilled((2, 2))] * 3, RIGHT_VALUES, PROBES, known=known) == []


EMPTY = Trace((), 0)
LESSON = [train(DATA[:, :1], TARGETS)]


def test_having_trained_nothing_is_no_likeness() -> None:
    known = knowing(wrong("autograd-not-used", LOOP, [scripted(EMPTY, 1.0)]))
    assert names(LOOP, [scripted(EMPTY, 1.0)], LESSON, known=known) == []


def away(rate: float, dtype: Any = np.float64) -> Observation:
    with np.errstate(all="ignore"):
        return train(DATA[:, :1], TARGETS, rate=rate, steps=400, dtype=dtype)


def test_a_training_that_runs_away_is_alike_as_far_as_its_numbers_mean_something() -> None:
    known = knowing(wrong("learning-rate", LOOP, [away(2.0)], single=[away(2.0, np.float32)]))
    assert names(LOOP, [away(2.0, np.float32)], LESSON, known=known) == ["learning-rate"]
    assert "learning-rate" not in names(LOOP, [away(2.1, np.float32)], LESSON, known=known)


ONE_STEP = train(DATA[:, :1], TARGETS, steps=1).run.ran.trace  # type: ignore[union-attr]
TWO_STEPS = train(DATA[:, :1], TARGETS, steps=2).run.ran.trace  # type: ignore[union-attr]
NONE = "'NoneType' object has no attribute '{}'"


def test_what_both_raise_is_the_same_where_class_words_role_and_training_before_agree() -> None:
    rebound = replace(wrong("rebound", LOOP, [raising(NONE.format("data"), 4, ONE_STEP)], text=PROGRAM.text))
    early = wrong("early", LOOP, [raising(NONE.format("data"), 4, EMPTY)], text=PROGRAM.text)
    known = knowing(rebound, early)

    def found(observation: Observation) -> list[str]:
        return names(LOOP, [observation], LESSON, known=known)

    assert found(raising(NONE.format("zero_"), 4, ONE_STEP)) == ["rebound"]
    assert found(raising(NONE.format("zero_"), 4, EMPTY)) == ["early"]
    assert found(raising(NONE.format("zero_"), 3, EMPTY)) == ["zeroed-before-backward"]
    assert "rebound" not in found(raising(NONE.format("zero_"), 4, TWO_STEPS))
    assert found(raising(NONE.format("zero_"), 4, EMPTY, kind="RuntimeError")) == []
    assert found(raising("something else", 4, EMPTY)) == []


def test_what_many_ideas_raise_is_named_only_where_the_source_has_something_that_sets_the_wrong_program_apart() -> None:
    words = "Sizes of tensors must match except in dimension 1. Expected size 4 but got size 6"
    seen = [raising(words, 1, kind="RuntimeError")] * 3
    solution = Source("y = cat([conv(x, padding=1), pool(x, stride=1)])\n", "11.3.py")
    forgotten = Source("y = cat([conv(x), pool(x, stride=1)])\n", "11.3.py")
    known = knowing(wrong("padding-forgotten", FORWARD, seen, text=forgotten.text), solution=solution)
    another = Source("y = cat([conv(x, padding=1), pool(x)])\n", "11.3.py")
    assert names(FORWARD, seen, RIGHT_VALUES, PROBES, known=known, source=forgotten) == ["padding-forgotten"]
    assert names(FORWARD, seen, RIGHT_VALUES, PROBES, known=known, source=another) == []


def test_the_same_numbers_in_another_shape_are_another_result() -> None:
    its = [returned(np.arange(6.0).reshape(2, 3) + place) for place in range(3)]
    known = knowing(wrong("channels-last", FORWARD, its))
    mine = [returned(np.arange(6.0).reshape(3, 2) + place) for place in range(3)]
    alike = [returned(np.arange(6.0).reshape(2, 1, 3) + place) for place in range(3)]
    right = [returned(np.ones((3, 2)))] * 3
    assert names(FORWARD, mine, right, PROBES, known=known) == []
    assert names(FORWARD, alike, right, PROBES, known=known) == ["channels-last"]


def test_of_programs_that_have_one_name_in_the_students_copy_only_the_one_that_fails_elsewhere_is_left_out() -> None:
    one, other = (
        replace(wrong("bias-forgotten", FORWARD, ODD, text=text), program=PLAIN) for text in ("a = 1", "b = 2")
    )
    side = knowing(one, other).without([replace(one, seen=())])
    assert [each.source.text for each in side.wrong] == ["b = 2"]


PLAIN = WrongProgram("bias-forgotten", Text.of({"en": "bias-forgotten"}), (), b"", "bias-forgotten")
LOSS = Check("loss", 2, (CompareValue(),), calls=(Call("loss", ("y_pred", "y")), Call("loss", ("x", "y"))))


def test_a_wrong_program_with_another_signature_is_the_same_wrong_program() -> None:
    other = [returned(value) for value in (3.3, 4.4, 5.5)]
    known = knowing(wrong("halved", LOSS, ODD, other))
    case = case_of(LOSS, ODD, RIGHT_VALUES, PROBES)
    strange = [returned(value) for value in (6.6, 7.7, 8.8)]
    assert [each.name for each in diagnosed(replace(case, observations=[strange, ODD]), known)] == ["halved"]
    assert [each.name for each in diagnosed(replace(case, observations=[ODD, other]), known)] == ["halved"]
    assert diagnosed(replace(case, observations=[strange, other]), known) == ()


PRINTED = "before 4.25\ngrad -2.125 loss 1.375\nafter 7.8125\n"


def printing(text: str) -> list[Observation]:
    return [scripted(stdout=text)]


def test_printed_numbers_are_alike_where_both_lack_the_same_one() -> None:
    lacking = "before 4.25\ngrad -9.625 loss 1.375\nafter 7.8125\n"
    known = knowing(wrong("not-zeroed", OUTPUT, printing(lacking)))

    def found(text: str) -> list[str]:
        return names(OUTPUT, printing(text), printing(PRINTED), known=known)

    assert found("4.25 then -9.625 and 1.375 and 7.8125") == ["not-zeroed"]
    assert found("4.25 then -9.625 and 1.375") == []
    assert found("grad -9.625 loss 1.375 after 7.8125") == []


def test_a_function_that_returns_nothing_printed_instead_only_where_something_is_printed() -> None:
    nothing = [Observation(Run(RunStatus.COMPLETED), Called(values=(Value("none", "NoneType"),)))] * 3
    text = "def forward(x):\n    print(x * w)\n"
    known = knowing(wrong("printed-not-returned", FORWARD, nothing, text=text))
    silent, loud = Source("def forward(x):\n    x * w\n", "prog.py"), Source(text, "prog.py")
    assert names(FORWARD, nothing, RIGHT_VALUES, PROBES, known=known, source=loud) == ["printed-not-returned"]
    assert names(FORWARD, nothing, RIGHT_VALUES, PROBES, known=known, source=silent) == []


# What the source shows


def test_a_method_that_is_printed_is_one_that_was_not_called() -> None:
    source = Source("print(l.item)\n", "prog.py")
    mine = printing("<built-in method item of Tensor object at 0x7f> 1.5")
    assert names(OUTPUT, mine, printing(PRINTED), source=source) == ["item-not-called"]
    assert names(OUTPUT, printing("1.5"), printing(PRINTED), source=source) == []


def test_a_loop_that_is_left_is_named_where_the_training_was_short() -> None:
    source = Source("for x in [1, 2]:\n    step(x)\n    break\n", "prog.py")
    short = [train(DATA[:, :1], TARGETS, steps=1)]
    assert names(LOOP, short, LESSON, source=source) == ["returned-in-loop"]
    assert names(LOOP, short, LESSON) == []


def test_at_most_three_names_are_told() -> None:
    known = knowing(*(wrong(name, FORWARD, ODD) for name in "abcd"))
    causes = diagnosed(case_of(FORWARD, ODD, RIGHT_VALUES, PROBES), known)
    likely = finding("likely-cause", causes=tuple(cause.name for cause in causes))
    check = CheckResult("forward", RunStatus.COMPLETED, Verdict.FAIL, 1.0, (likely,), causes)
    (sentence,) = told_check(check)
    assert len(causes) == 4 and sentence.said(str).count("(") == 3


def test_an_exception_without_a_name_is_still_explained() -> None:
    case = case_of(LOOP, [raising("unsupported operand type(s) for *: 'NoneType'", 1, EMPTY, "TypeError")], LESSON)
    assert diagnosed(case, NOTHING_KNOWN) == ()
    said = meaning(case)
    assert said is not None and told(said).said(str).startswith("One of the values is None")


# Hostile observations

SPECIAL = [np.nan, np.inf, -np.inf, 1e308, -1e308, 5e-324, 0.0]
SHAPES: list[tuple[int, ...]] = [(), (0,), (1,), (3,), (0, 4), (3, 0), (2, 3), (1, 1, 1, 1, 1, 1, 1, 1)]


@st.composite
def arrays(draw: st.DrawFn) -> Floats:
    shape = draw(st.sampled_from(SHAPES))
    numbers = st.sampled_from([*SPECIAL, 1.0, -2.5])
    return np.array(draw(st.lists(numbers, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))).reshape(shape)


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    maybe = st.none() | arrays()
    leaf = st.builds(Leaf, before=arrays(), fresh=maybe, after=maybe, id=st.integers(0, 3))
    steps = draw(st.lists(st.builds(Backward, arrays(), st.lists(leaf, max_size=3).map(tuple)), max_size=12))
    return Trace(tuple(steps), draw(st.integers(len(steps), 10**12)), tuple(draw(st.lists(arrays(), max_size=2))))


WORDS = st.sampled_from(
    [
        "'NoneType' object has no attribute 'data'",
        "Trying to backward through the graph a second time {hint} %s",
        "\ud800 \x00 {0} 'builtin_function_or_method'",
        "unsupported operand type(s) for " + "'" * 1000,
    ]
)
RAISED = st.none() | st.builds(
    Raised, st.sampled_from(["AttributeError", "{x}", ""]), WORDS, st.integers(0, 10_000_000)
)
VALUES = st.builds(
    Value,
    st.sampled_from(["tensor", "list", "number"]),
    WORDS,
    st.sampled_from(["float16", "bfloat16", "int64", ""]),
    st.booleans(),
    st.booleans(),
    arrays(),
) | st.just(Value("other", "Foo"))


@st.composite
def hostile(draw: st.DrawFn) -> Observation:
    stores = draw(st.none() | arrays().map(lambda array: array.reshape(-1)))
    finals = {"w": draw(VALUES)} if draw(st.booleans()) else {}
    ran = Ran(draw(RAISED), (), {}, draw(st.none() | traces()), stores, finals)
    values = tuple(draw(st.lists(VALUES, max_size=2)))
    called = Called(
        raised=draw(RAISED),
        values=values,
        gradients={"w": tuple(draw(st.none() | arrays()) for _ in values)} if draw(st.booleans()) else {},
        backward_raised=draw(RAISED),
    )
    run = Run(
        RunStatus.COMPLETED,
        draw(st.none() | st.sampled_from(Stop)),
        loaded=draw(st.none() | st.just(Loaded(skipped=(Raised("E", "x", 3),)))),
        ran=draw(st.none() | st.just(ran)),
        stdout=draw(st.sampled_from(["", "1e999 nan -1e308 <built-in method", "4.25 -2.125"])),
    )
    return Observation(run, draw(st.none() | st.just(called)))


EVERYTHING: list[tuple[Comparison, Observation]] = [
    (CompareValue(), returned(2.5)),
    (CompareValue(), returned([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])),
    (CompareValue(), returned([], 1.0)),
    (CompareGradient("w"), returned(1.0, w=[1.0, 2.0, 3.0])),
    (TRACE, train(DATA[:, :1], TARGETS)),
    (TRACE, train(np.hstack([DATA, TARGETS[:, None]]), TARGETS, steps=4)),
    (CompareStores("w"), scripted(stores=[1.0, 1.5, 2.0])),
    (CompareFinal("w"), scripted(w=[1.0, 2.0, 3.0])),
    (CompareParameter("w"), scripted(w=1.0)),
    (CompareOutput(), scripted(stdout=PRINTED)),
]


@settings(STEADY, max_examples=80)
@given(st.sampled_from(EVERYTHING), st.lists(hostile(), min_size=2, max_size=2), hostile())
def test_no_observation_of_a_hostile_child_breaks_a_diagnosis(
    asked: tuple[Comparison, Observation], mine: list[Observation], its: Observation
) -> None:
    item, right = asked
    check = Check("any", 1, (item,), script=not isinstance(item, CompareValue | CompareGradient), samples=("x", "e"))
    check = replace(check, calls=() if check.script else (Call("f", ("x",)),))
    probes = [numbers_of(x=3.0, e=[1.0, 2.0])] * 2
    known = knowing(wrong("its", check, [its, its]), wrong("mine", check, mine))
    case = case_of(check, mine, [right, right], probes)
    for each in (knowing(), known):
        for named in diagnosed(case, each):
            told(named.hint).said(str)
    meaning(case)
    _, departure = evidence_of(case)
    assert departure is None or told(departure).said(str)


# Evidence


def shown(mine: Observation, check: Check = LOOP, right: Observation = LESSON[0]) -> Any:
    return evidence_of(case_of(check, [mine], [right], [numbers_of(x=DATA[:, 0], y=TARGETS)], noise=1e-9))


def test_a_right_run_has_curves_and_no_departure() -> None:
    curves, departure = shown(LESSON[0])
    assert [(curve.quantity, curve.departure) for curve in curves] == [
        ("loss", None),
        ("gradient", None),
        ("parameter", None),
    ]
    assert departure is None and curves[0].actual == curves[0].expected


def test_a_wrong_run_shows_the_steps_around_the_first_that_differs_with_its_sample() -> None:
    curves, departure = shown(train(DATA[:, :1], TARGETS, zeroed=lambda step: False))
    assert [curve.departure for curve in curves] == [None, 2, None]
    assert (departure.quantity, departure.step) == ("gradient", 3)
    assert [(row.step, row.kind == "step-that-differs") for row in departure.inner] == [
        (2, False),
        (3, True),
    ]
    assert departure.inner[0].pairs("inputs") == {"x": show(DATA[1, 0]), "y": show(TARGETS[1])}
    assert told(departure).said(str).splitlines()[1].startswith("  → step 3: x = 0.6, y = 1.3, gradient ")


@pytest.mark.parametrize(("steps", "missing"), [(5, "actual"), (12, "expected")])
def test_a_run_of_another_length_departs_where_one_of_the_two_ends(steps: int, missing: str) -> None:
    _, departure = shown(train(DATA[:, :1], TARGETS, steps=steps))
    (marked,) = (row for row in departure.inner if row.kind == "step-that-differs")
    assert marked.step == departure.step == min(steps, 9) + 1
    assert missing not in marked.fields
    assert "–" in told(departure).said(str)


def test_a_run_that_raised_shows_its_curves_but_no_table() -> None:
    curves, departure = shown(raising("no", 4, TWO_STEPS))
    assert [len(curve.actual) for curve in curves] == [2, 2, 2]
    assert departure is None


def test_of_several_weights_only_the_loss_is_one_curve() -> None:
    curves, _ = shown(train(DATA, TARGETS, scale=2.0), right=train(DATA, TARGETS))
    assert [curve.quantity for curve in curves] == ["loss"]


def test_a_variables_values_are_a_curve_under_its_name() -> None:
    curves, departure = shown(scripted(stores=[1.0, 1.3]), STORES, scripted(stores=[1.0, 1.2, 1.4]))
    assert [(curve.quantity, curve.departure) for curve in curves] == [("w", 1)]
    assert [(row.number("actual"), row.number("expected")) for row in departure.inner] == [
        (1.0, None),
        (1.3, 1.2),
    ]


def test_a_call_has_nothing_to_draw() -> None:
    assert evidence_of(case_of(FORWARD, ODD, RIGHT_VALUES, PROBES)) == ((), None)
