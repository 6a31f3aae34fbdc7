"""A trace as series: one row a backward call."""

import numpy as np

from grader.core.run.trace import Backward, Leaf, series_of


def leaf(before, fresh=0.0):
    return Leaf(np.array(before), None if fresh is None else np.array(fresh), None)


def call(*leaves, root=1.0):
    return Backward(np.array(root), leaves)


def rows(series):
    return {name: array.tolist() for name, array in series.items()}


def test_no_steps_make_no_series():
    assert series_of(()) == {}


def test_each_step_is_a_row_of_loss_gradient_and_parameter():
    steps = (call(leaf([1.0], [-8.0]), root=4.0), call(leaf([1.08], [-7.36]), root=3.3856))
    assert rows(series_of(steps)) == {
        "loss": [[4.0], [3.3856]],
        "parameter 0": [[1.0], [1.08]],
        "gradient 0": [[-8.0], [-7.36]],
    }


def test_every_leaf_has_its_own_series():
    steps = (call(leaf(1.0), leaf([2.0, 3.0], [0.0, 0.0])),)
    assert sorted(series_of(steps)) == ["gradient 0", "gradient 1", "loss", "parameter 0", "parameter 1"]


def test_a_gradient_that_was_not_computed_is_not_a_number():
    assert np.isnan(series_of((call(leaf([1.0, 2.0], None)),))["gradient 0"]).tolist() == [[True, True]]


def test_a_gradient_of_another_shape_than_its_leaf_is_not_a_number():
    assert np.isnan(series_of((call(leaf([1.0, 2.0], [1.0, 2.0, 3.0])),))["gradient 0"]).all()


def test_a_leaf_that_some_step_does_not_reach_has_no_series():
    steps = (call(leaf(1.0), leaf(2.0)), call(leaf(1.5)))
    assert sorted(series_of(steps)) == ["gradient 0", "loss", "parameter 0"]


def test_a_leaf_whose_size_changes_has_no_series():
    steps = (call(leaf([1.0]), leaf(5.0)), call(leaf([1.0, 2.0]), leaf(6.0)))
    assert sorted(series_of(steps)) == ["gradient 1", "loss", "parameter 1"]


def test_a_parameter_that_is_made_anew_in_another_rank_is_the_same_parameter():
    steps = (call(leaf([1.0], [-8.0])), call(leaf(1.08, -7.36)))
    series = series_of(steps)
    assert series["parameter 0"].reshape(-1).tolist() == [1.0, 1.08]
    assert series["gradient 0"].reshape(-1).tolist() == [-8.0, -7.36]


def test_roots_of_different_sizes_have_no_loss():
    steps = (call(leaf(1.0), root=[1.0]), call(leaf(1.0), root=[1.0, 2.0]))
    assert sorted(series_of(steps)) == ["gradient 0", "parameter 0"]


def test_roots_of_one_size_and_different_ranks_are_one_series():
    steps = (call(leaf(1.0), root=[2.0]), call(leaf(1.0), root=3.0))
    assert rows(series_of(steps))["loss"] == [[2.0], [3.0]]


def test_an_empty_root_is_no_loss():
    assert "loss" not in series_of((call(leaf(1.0), root=[]),))
