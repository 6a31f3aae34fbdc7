"""What a check allows is small beside what it is held to, whatever is drawn: measured, and a fault where it is not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from grader.core.compare.comparison import Comparison
from grader.core.compare.kinds.gradient import CompareGradient
from grader.core.compare.kinds.trace import CompareTrace
from grader.core.compare.kinds.value import CompareValue
from grader.core.compare.tolerance import Observation
from grader.core.course.exercise import Check
from grader.core.judge.noise import CEILING, Measured, Width, measured
from grader.core.judge.width import too_wide
from grader.core.program.source import Source
from grader.core.run.observation import Called, Ran, Run, RunStatus, Value
from grader.core.run.trace import Backward, Leaf, Trace

VALUE, TRACE = CompareValue(), CompareTrace(("loss",))
CHECK = Check("check", 1, ())
COMPLETED = Run(RunStatus.COMPLETED)


def returned(*arrays: object, dtype: str = "float32") -> Observation:
    values = (Value("tensor", "Tensor", dtype, data=np.array(each, dtype=float)) for each in arrays)
    return Observation(COMPLETED, Called(values=tuple(values)))


def arriving(**gradients: object) -> Observation:
    result = Value("tensor", "Tensor", "float64", data=np.array(0.0))
    arrays = {name: (np.array(each, float),) for name, each in gradients.items()}
    return Observation(COMPLETED, Called(values=(result,), gradients=arrays))


def trained(*losses: float) -> Observation:
    leaf = Leaf(np.zeros(1), np.zeros(1), None)
    steps = tuple(Backward(np.array(loss), (leaf,)) for loss in losses)
    ran = Ran(None, (), {}, Trace(steps, len(steps)), None, {})
    return Observation(Run(RunStatus.COMPLETED, ran=ran))


def of(
    item: Comparison, *pairs: tuple[Observation, Observation], rights: Sequence[Sequence[Observation]] = ()
) -> Measured:
    """Measure what the solution shows at each probe, once and a little aside; `rights` are other right programs."""
    exact, twin = zip(*pairs, strict=True)
    return measured(item, exact, twin, rights)


def widest(found: Measured, probe: int = 0, key: str = "0") -> float:
    return float(found.expected[probe].allowed(key).max())


def test_an_allowance_that_is_a_hundredth_of_what_is_compared_is_the_widest_there_may_be() -> None:
    noise = CEILING / 16
    assert not of(VALUE, (returned(1.0), returned(1 + 0.99 * noise))).wide
    (width,) = of(VALUE, (returned(1.0), returned(1 + 1.01 * noise))).wide
    assert width.label == "value 0"
    assert width.allowed == pytest.approx(1.01e-2)
    assert width.size == 1


def test_one_small_probe_beside_a_large_one_is_no_fault() -> None:
    large, small = (returned(1000.0), returned(1000.001)), (returned(0.001), returned(0.001))
    assert not of(VALUE, large, small).wide


def test_a_probe_a_million_times_larger_lends_the_others_no_noise() -> None:
    usual = [(returned(size), returned(size)) for size in (1.0, 2.0, 3.0)]
    huge = returned(4e18), returned(4e18 + 1e11)
    found = of(VALUE, *usual, huge)
    assert [widest(found, probe) for probe in range(3)] == [widest(of(VALUE, *usual), probe) for probe in range(3)]
    assert widest(found, 3) == widest(of(VALUE, huge))
    assert [each.huge for each in found.expected] == [False, False, False, True]
    assert not found.wide


def test_one_drawn_probe_beside_a_huge_one_takes_none_of_its_noise() -> None:
    usual, huge = (returned(1.0), returned(1.0)), (returned(4e18), returned(4e18 + 1e11))
    assert widest(of(VALUE, usual, huge)) == widest(of(VALUE, usual))


def test_a_probe_that_is_less_than_a_million_times_larger_lends_its_noise_as_any() -> None:
    pairs = [(returned(size), returned(size)) for size in (1.0, 1.0, 0.9e6)]
    pairs[2] = returned(0.9e6), returned(0.9e6 + 1e-3)
    found = of(VALUE, *pairs)
    assert [widest(found, probe) for probe in (0, 1)] == [pytest.approx(16e-3, rel=1e-6)] * 2
    assert not any(each.huge for each in found.expected)


def test_small_probes_take_the_noise_of_the_usual_ones() -> None:
    pairs = (returned(1e-9), returned(1e-9)), (returned(2.0), returned(2.001)), (returned(3.0), returned(3.0))
    found = of(VALUE, *pairs)
    assert widest(found) == pytest.approx(0.016)
    assert not any(each.huge for each in found.expected)


def test_where_all_but_one_probe_are_zero_none_is_huge() -> None:
    pairs = (returned(0.0), returned(0.0)), (returned(0.0), returned(0.0)), (returned(5.0), returned(5.0))
    assert not any(each.huge for each in of(VALUE, *pairs).expected)


def test_noise_of_usual_probes_that_is_wide_is_a_fault_beside_a_huge_one_too() -> None:
    noisy, huge = (returned(1.0), returned(1.5)), (returned(1e18), returned(1e18))
    (width,) = of(VALUE, noisy, noisy, huge).wide
    assert (width.allowed, width.size) == (8.0, 1.0)


def test_the_steps_of_a_huge_training_lend_the_others_no_noise() -> None:
    usual = trained(1.0, 0.5, 0.25), trained(1.0, 0.5, 0.25)
    huge = trained(1e18, 5e17, 25e16), trained(1e18, 5e17 + 1e10, 25e16)
    found = of(TRACE, usual, usual, huge)
    assert widest(found, key="loss") < 1e-4
    assert 1e11 < widest(found, 2, key="loss") < 1e14


def test_what_is_zero_but_for_rounding_is_held_to_zero_in_proportion_to_what_stands_beside_it() -> None:
    """The gradient of a bias before a batch norm: 1e-17 in float64, 1e-8 in float32, beside one of 2."""
    pair = arriving(w=[2.0, 1.0], b=[1e-17]), arriving(w=[2.0, 1.0], b=[3e-8])
    found = of(CompareGradient("b"), pair)
    assert not found.wide
    assert found.expected[0].arrays["b"] == 0
    assert widest(found, key="b") == pytest.approx(2e-5)


def test_what_is_small_and_not_zero_keeps_its_own_scale() -> None:
    pair = arriving(w=[2.0], b=[1e-8]), arriving(w=[2.0], b=[1.000001e-8])
    found = of(CompareGradient("b"), pair)
    assert widest(found, key="b") < 1e-12


def test_a_series_is_compared_up_to_the_last_step_at_which_what_is_allowed_is_small() -> None:
    exact = [1.0] * 20
    twin = [1.0 + (1e-6 if step < 12 else 1e-2) for step in range(20)]
    found = of(TRACE, (trained(*exact), trained(*twin)))
    assert found.expected[0].upto == 12
    assert not found.wide
    assert widest(found, key="loss") < 1e-4


def test_a_series_that_breaks_in_its_first_tenth_is_a_fault() -> None:
    exact = [1.0] * 20
    twin = [1.0, *[2.0] * 19]
    (width,) = of(TRACE, (trained(*exact), trained(*twin))).wide
    assert (width.label, width.step) == ("trace loss", 1)


def test_a_series_that_is_steady_is_compared_whole() -> None:
    exact = [1.0] * 20
    assert of(TRACE, (trained(*exact), trained(*exact))).expected[0].upto is None


def test_noise_is_measured_over_other_right_programs_too() -> None:
    pair = returned(1.0), returned(1.0)
    assert widest(of(VALUE, pair)) == pytest.approx(1.13e-5)
    found = of(VALUE, pair, rights=[[returned(1 + 2e-6)]])
    assert widest(found) == pytest.approx(3.2e-5)
    assert not found.apart


def test_a_right_program_widens_an_allowance_fourfold_at_most_and_is_named_beyond() -> None:
    pair = returned(1.0), returned(1.0)
    found = of(VALUE, pair, rights=[[returned(1 + 1e-5)]])
    assert widest(found) == pytest.approx(4 * 1.13e-5)
    assert found.apart == (0,)


def test_a_right_program_that_is_wrong_widens_nothing() -> None:
    pair = returned(1.0), returned(1.0)
    found = of(VALUE, pair, rights=[[returned(3.0)]])
    assert widest(found) == pytest.approx(1.13e-5)
    assert not found.apart


def test_small_elements_are_not_hidden_by_the_largest_where_several_programs_show_their_scale() -> None:
    pairs = [(returned([1000.0, 0.001]),) * 2, (returned([900.0, 0.002]),) * 2]
    rights = [[returned([1000.0, 0.001]), returned([900.0, 0.002])]]
    alone, several = of(VALUE, *pairs), of(VALUE, *pairs, rights=rights)
    assert alone.expected[0].allowed("0")[1] > 0.001
    assert several.expected[0].allowed("0")[1] == pytest.approx(2e-8, rel=0.1)
    assert several.expected[0].allowed("0")[0] == pytest.approx(alone.expected[0].allowed("0")[0])


def test_a_large_probe_widens_nothing_at_a_small_one() -> None:
    pairs = [(returned(1000.0),) * 2, (returned(1.0),) * 2]
    found = of(VALUE, *pairs, rights=[[returned(1000.0), returned(1.0)]])
    assert widest(found, probe=1) == pytest.approx(1.13e-5)


def test_an_element_that_is_zero_in_every_probe_may_be_zero_but_for_rounding() -> None:
    pairs = [(returned([1.0, 0.0]),) * 2, (returned([2.0, 0.0]),) * 2]
    found = of(VALUE, *pairs, rights=[[returned([1.0, 1e-8]), returned([2.0, 0.0])]])
    assert found.expected[0].allowed("0")[1] > 1e-8


@pytest.mark.parametrize("dtype", ["int64", "bool", "int", "uint8"])
def test_whole_numbers_are_compared_exactly(dtype: str) -> None:
    seen = returned(25_557_032.0, dtype=dtype)
    found = of(VALUE, (seen, seen))
    assert widest(found) == 0
    other = returned(25_556_776.0, dtype=dtype)
    assert VALUE.mismatch(CHECK, other, found.expected[0]) is not None
    assert VALUE.mismatch(CHECK, seen, found.expected[0]) is None


def test_whole_numbers_that_differ_between_the_runs_are_a_fault() -> None:
    (width,) = of(VALUE, (returned(3.0, dtype="int64"), returned(4.0, dtype="int64"))).wide
    assert width.whole


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("import torch\nw = torch.randn(3)", "draws numbers of its own in line 2"),
        ("def g(x):\n    h = 1e-5\n    return (f(x + h) - f(x)) / h", "Line 2 of the solution computes with 1e-5"),
        ("# randn with 1e-9\nw = 1", "is ill conditioned"),
    ],
)
def test_the_likely_cause_of_a_wide_allowance_is_told(text: str, cause: str) -> None:
    words = too_wide("loop", Width("value 0", 18.0, 0.12), Source(text, "solution.py")).said(str)
    assert words.startswith("check loop: value 0 may be off by 18, and is no larger than 0.12: ")
    assert cause in words
