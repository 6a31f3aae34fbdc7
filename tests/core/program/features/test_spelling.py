"""Names that nothing gave a value: what they are most likely meant to be."""

from __future__ import annotations

import pytest

from grader.core.program.features.slips import Slip
from grader.core.program.features.spelling import (
    import_missing,
    misspelt_attribute,
    misspelt_name,
    not_kept,
    self_forgotten,
)
from grader.core.program.source import Source

NET = """class Net:
    def __init__(self):
        self.conv = 1
        fc = 2
    def forward(self, x):
        return {}
"""


def source(text: str) -> Source:
    return Source(text, "a.py")


def test_a_module_that_is_read_and_never_imported_is_missing() -> None:
    assert import_missing(source("x = np.ones(3)\n"), 1, "np") == Slip(1, "np")
    assert import_missing(source("import numpy as np\nx = np.ones(3)\n"), 2, "np") is None
    assert import_missing(source("x = soat\n"), 1, "soat") is None


def test_a_module_that_is_imported_under_a_misspelt_name_is_neither() -> None:
    program = source("import torh\nx = torch.ones(3)\n")
    assert import_missing(program, 2, "torch") is None
    assert misspelt_name(program, 2, "torch") is None


def test_what_an_object_keeps_is_read_through_self() -> None:
    assert self_forgotten(source(NET.format("conv(x)")), 6, "conv") == Slip(6, "conv")
    assert self_forgotten(source(NET.format("fc(x)")), 6, "fc") is None


def test_what_a_method_keeps_for_itself_is_no_part_of_the_object() -> None:
    assert not_kept(source(NET.format("self.fc(x)")), "Net", "fc") == Slip(4, "fc")
    assert not_kept(source(NET.format("self.conv(x)")), "Net", "conv") is None
    assert not_kept(source(NET.format("self.fc(x)")), "Other", "fc") is None


@pytest.mark.parametrize(
    ("read", "bound"),
    [
        ("x_soatt", "x_soat"),
        ("x_saot", "x_soat"),
        ("critirion", "criterion"),
        ("Optimizer", "optimizer"),
        ("optimzer", "optimizer"),
    ],
)
def test_one_slip_of_the_hand_is_a_misspelling(read: str, bound: str) -> None:
    assert misspelt_name(source(f"{bound} = 1\nprint({read})\n"), 2, read) == Slip(2, read, bound)


@pytest.mark.parametrize(
    ("read", "bound"),
    [
        *(("losses", "loss"), ("loss1", "loss"), ("mean_x", "mean_y"), ("dW1", "dW2"), ("xs", "x")),
        *(("y_train", "x_train"), ("h_prev", "x_prev"), ("train_x_all", "train_y_all")),
    ],
)
def test_names_that_differ_on_purpose_are_none(read: str, bound: str) -> None:
    assert misspelt_name(source(f"{bound} = 1\nprint({read})\n"), 2, read) is None


def test_a_name_that_has_a_value_elsewhere_and_an_object_that_was_never_made_are_none() -> None:
    elsewhere = "class Model:\n    pass\ndef train():\n    model = Model()\ndef predict(x):\n    return model(x)\n"
    assert misspelt_name(source(elsewhere), 6, "model") is None
    assert misspelt_name(source("class Model:\n    pass\nprint(model)\n"), 3, "model") is None


def test_what_is_kept_on_a_tensor_is_kept_by_no_object() -> None:
    assert self_forgotten(source("w.grad = None\nprint(grad)\n"), 2, "grad") is None


def test_of_two_near_names_none_is_told() -> None:
    assert misspelt_name(source("target = targetx = 1\nprint(tagret)\n"), 2, "tagret") == Slip(2, "tagret", "target")
    assert misspelt_name(source("target = tarxget = 1\nprint(tarket)\n"), 2, "tarket") == Slip(2, "tarket", "target")
    assert misspelt_name(source("marget = target = 1\nprint(warget)\n"), 2, "warget") is None


def test_an_attribute_is_held_to_what_the_object_keeps() -> None:
    assert misspelt_attribute(source(NET.format("self.covn(x)")), 6, "covn") == Slip(6, "covn", "conv")
