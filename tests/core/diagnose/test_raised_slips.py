"""What an exception and the line that raised it show together."""

from __future__ import annotations

import pytest

from grader.core.diagnose.exceptions import sizes_in
from grader.core.diagnose.raised_slips import named_by_line
from grader.core.program.source import Source
from grader.core.run.observation import Raised

CAST = "result type Float can't be cast to the desired output type Long"
MULTIPLIED = "mat1 and mat2 shapes cannot be multiplied ({})"


def names(line: str, type_name: str, message: str) -> list[str]:
    return [each.name for each in named_by_line(Source(line + "\n", "a.py"), Raised(type_name, message, 1))]


def test_a_loss_that_is_given_whole_targets_is_named() -> None:
    assert names("loss = criterion(model(x), y.long())", "RuntimeError", CAST) == ["target-not-float"]


def test_decimals_added_in_place_to_whole_numbers_are_another_thing() -> None:
    assert names("total += criterion(y_pred, y)", "RuntimeError", CAST) == []
    assert names("w.sub_(0.1 * slope(w))", "RuntimeError", CAST) == []


@pytest.mark.parametrize(
    ("line", "shapes", "expected"),
    [
        ("return self.fc(x)", "4x24 and 54x3", ["layer-sizes"]),
        ("x = torch.relu(layer(x))", "4x7 and 5x7", ["sizes-swapped"]),
        ("out = self.fc(x[t])", "4x32 and 64x32", ["sizes-swapped"]),
        ("scores = q @ k", "4x3 and 5x3", ["transposed"]),
        ("scores = torch.matmul(q, k)", "4x3 and 4x5", ["transposed"]),
        ("gates = x @ U", "2x3 and 5x20", []),
        ("h = w @ x", "3x2 and 5x3", []),
        ("y = layer(x)", "1x2 and 1x1", []),
        ("y = x @ w", "1x3 and 1x3", ["transposed"]),
        ("y = x @ w", "1x3 and 1x1", []),
    ],
)
def test_shapes_that_do_not_fit_tell_a_layer_from_a_product(line: str, shapes: str, expected: list[str]) -> None:
    assert names(line, "RuntimeError", MULTIPLIED.format(shapes)) == expected


def test_a_product_of_numpy_is_one_too() -> None:
    assert names("d = np.dot(H, dY)", "ValueError", "shapes (5,4) and (5,2) not aligned: 4 (dim 1) != 5 (dim 0)") == [
        "transposed"
    ]


def test_a_name_without_a_value_is_told_by_what_it_is_meant_to_be() -> None:
    assert names("x = np.ones(3)", "NameError", "name 'np' is not defined") == ["import-missing"]
    assert names("x_soat = [1]; print(x_saot)", "NameError", "name 'x_saot' is not defined") == ["name-misspelt"]
    assert names("print(x_soat)", "NameError", "name 'x_soat' is not defined") == []


def test_words_of_a_programs_own_exception_are_not_believed_to_be_pythons() -> None:
    assert names("x_soat = [1]; print(x_saot)", "ValueError", "name 'x_saot' is not defined") == []


def test_sizes_are_facts_of_an_exception_about_shapes_alone() -> None:
    assert sizes_in(Raised("RuntimeError", MULTIPLIED.format("4x24 and 54x3"), 1)) == ("1", "2", "4", "24", "54", "3")
    assert sizes_in(Raised("ValueError", "loss 27 is too high", 1)) == ()
