"""Of several trainings the last counts whose end is the parameter's final value, and never any stretch."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from grader.core.compare.kinds.final import CompareFinal
from grader.core.compare.kinds.stores import CompareStores
from grader.core.compare.kinds.trace import CompareTrace
from grader.core.compare.tolerance import Expected, Observation
from grader.core.compare.trainings import training_of, trainings
from grader.core.course.exercise import Check
from grader.core.run.observation import Ran, Run, RunStatus, Value
from grader.core.run.trace import Backward, Leaf, Trace

TRACE, STORES = CompareTrace(("loss", "gradient", "parameter")), CompareStores("w")
CHECK = Check("loop", 1, (TRACE, CompareFinal("w")), script=True)
WITHOUT_FINAL = replace(CHECK, compare=(TRACE,))


@dataclass
class Training:
    """Gradient descent of one leaf towards 2, from where it stands."""

    leaf: int
    at: float = 1.0

    def steps(self, count: int, rate: float = 0.1) -> tuple[Backward, ...]:
        found = []
        for _ in range(count):
            gradient = 2 * (self.at - 2)
            fresh = np.array([gradient])
            found.append(
                Backward(np.array([(self.at - 2) ** 2]), (Leaf(np.array([self.at]), fresh, fresh, self.leaf),))
            )
            self.at -= rate * gradient
        return tuple(found)


def seen(trace: Trace | None = None, stores: list[float] | None = None, final: float | None = None) -> Observation:
    finals = {} if final is None else {"w": Value("number", "float", data=np.array(final))}
    values = None if stores is None else np.array(stores)
    return Observation(Run(RunStatus.COMPLETED, ran=Ran(None, (), {}, trace, values, finals)))


def traced(*parts: tuple[Backward, ...]) -> Observation:
    steps = tuple(step for part in parts for step in part)
    return seen(Trace(steps, len(steps)))


RIGHT = traced(Training(0).steps(4))
EXPECTED = Expected(RIGHT, TRACE.arrays(RIGHT), {})


def is_right(*parts: tuple[Backward, ...], check: Check = CHECK) -> bool:
    return TRACE.mismatch(check, traced(*parts), EXPECTED) is None


def test_another_parameter_trained_for_longer_afterwards_costs_nothing() -> None:
    assert is_right(Training(0).steps(4), Training(1, 5.0).steps(40, 0.01))


def test_where_the_final_value_is_not_compared_the_last_training_counts() -> None:
    assert not is_right(Training(0).steps(4), Training(1, 5.0).steps(40, 0.01), check=WITHOUT_FINAL)


def test_another_rate_tried_before_costs_nothing() -> None:
    assert is_right(Training(0).steps(9, 0.3), Training(1).steps(4))


def test_the_same_leaf_set_back_and_trained_once_more_costs_nothing_where_its_value_is_put_back() -> None:
    assert is_right(Training(0).steps(4), Training(0).steps(4, 0.01))


def test_a_prefix_of_a_longer_training_is_no_match() -> None:
    assert not is_right(Training(0).steps(8))
    assert not is_right(Training(0).steps(8), Training(1, 5.0).steps(3))


def test_a_stretch_in_the_middle_is_no_match() -> None:
    training = Training(0, 0.5)
    assert not is_right(training.steps(1), Training(0).steps(4), Training(0, 1.7).steps(3))


def same_stores(stores: list[float], final: float | None) -> bool:
    ours = seen(stores=[1.0, 1.2, 1.4])
    expected = Expected(ours, STORES.arrays(ours), {})
    return STORES.mismatch(CHECK, seen(stores=stores, final=final), expected) is None


def test_values_tried_before_a_training_cost_nothing() -> None:
    assert same_stores([0.0, 2.0, 4.0, 1.0, 1.2, 1.4], 1.4)


def test_a_name_of_the_same_spelling_in_a_function_costs_nothing_afterwards() -> None:
    assert same_stores([1.0, 1.2, 1.4, 1.0, 1.1, 1.3], 1.4)


def test_the_last_training_counts_where_its_end_is_the_final_value() -> None:
    assert not same_stores([1.0, 1.2, 1.4, 1.0, 1.1, 1.3], 1.3)


def test_the_best_value_of_a_longer_training_is_no_match() -> None:
    assert not same_stores([1.0, 1.2, 1.4, 1.6, 1.7, 1.4], 1.4)
    assert not same_stores([1.0, 1.2, 1.4, 1.6, 1.7], 1.4)


def test_where_the_final_value_is_not_compared_the_last_values_count() -> None:
    assert same_stores([5.0, 1.0, 1.2, 1.4], None)
    assert not same_stores([1.0, 1.2, 1.4, 5.0], None)


def test_the_longest_records_are_searched_as_short_ones_are_and_a_bound_holds() -> None:
    """Nothing is updated; one leaf starts over at every step; each step has a leaf of its own; leaves change size."""
    never = Training(0)
    still = tuple(step for _ in range(500) for step in replace(never).steps(1))
    own = tuple(step for leaf in range(500) for step in Training(leaf).steps(1))
    sized = tuple(Backward(np.ones(1), (Leaf(np.ones(1 + place % 7), None, None, place % 3),)) for place in range(500))
    for steps in (still, own, sized):
        assert not is_right(steps)
        tried = list(trainings(Trace(steps, len(steps)), RIGHT.run.ran.trace, ends_told=True))  # type: ignore[union-attr,arg-type]
        assert len(tried) <= 100
        assert {len(each) for each in tried} <= {4}


def test_a_training_that_was_right_is_found_among_many_that_start_over() -> None:
    over = [Training(0).steps(4, rate=0.2) for _ in range(40)]
    assert is_right(*over, Training(0).steps(4))
    assert is_right(*over, Training(0).steps(4), Training(0).steps(4, rate=0.3))


def test_a_history_shown_under_the_same_name_costs_nothing() -> None:
    assert same_stores([1.0, 1.2, 1.4, 1.2, 1.4], 1.4)
    assert same_stores([1.0, 1.2, 1.4, 1.0, 1.2, 1.4, 1.2, 1.4], 1.4)


def test_a_training_that_goes_on_brings_new_values() -> None:
    assert not same_stores([1.0, 1.2, 1.4, 1.3, 1.4], 1.4)
    assert not same_stores([1.0, 1.2, 1.4, 1.2, 1.5], 1.5)
    assert not same_stores([1.0, 1.2, 1.4, 1.2], 1.2)


def test_one_that_goes_round_in_the_same_numbers_is_not_at_its_end() -> None:
    reference = np.array([1.0, 1.2, 1.4, 1.2, 1.4])
    going_on = np.array([1.0, 1.2, 1.4, 1.2, 1.4, 1.2, 1.4])
    assert training_of(going_on, reference, np.full(5, 1e-6), 1.4) is None
    assert training_of(reference, reference, np.full(5, 1e-6), 1.4) is not None
