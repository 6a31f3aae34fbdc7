"""The settings of a training are found by the part they play, whatever they are called, and put right in place."""

from __future__ import annotations

import pytest

from grader.core.program.rewriting.settings import Setting, settings_of, with_settings
from grader.core.program.source import Source

LOOP = """
w = torch.tensor([{start}], requires_grad=True)
{before}
for epoch in {rounds}:
    for x, y in {pairs}:
        loss(forward(x), y).backward()
        {update}
        w.grad.zero_()
"""


def program(
    start: str = "1.0",
    rounds: str = "range(10)",
    pairs: str = "zip(xs, ys)",
    update: str = "w.data -= 0.01 * w.grad",
    before: str = "",
) -> Source:
    return Source(LOOP.format(start=start, rounds=rounds, pairs=pairs, update=update, before=before), "4.5.py")


def values(source: Source) -> dict[str, float | None]:
    return {setting.name: written.value for setting, written in settings_of(source, ["w"]).items()}


def put_right(source: Source, setting: Setting, wanted: float | None) -> list[str]:
    """Return the lines that change, as they are then."""
    changed = with_settings(source, {settings_of(source, ["w"])[setting]: wanted})
    pairs = zip(source.text.split("\n"), changed.split("\n"), strict=True)
    return [after.strip() for before, after in pairs if before != after]


def test_a_loop_shows_epochs_rate_and_start() -> None:
    assert values(program()) == {"EPOCHS": 10, "RATE": 0.01, "START": 1}


@pytest.mark.parametrize(
    "outer",
    ["for e in range(0, 10, 2):", "while l > 0.01:", "for e in range(epochs):", "for e in tqdm(epochs):"],
)
def test_rounds_within_a_loop_that_goes_round_nobody_knows_how_often_are_no_epochs(outer: str) -> None:
    text = f"epochs = 5\nepochs = 10\n{outer}\n    for i in range(3):\n        loss(x[i]).backward()\n"
    assert Setting.EPOCHS not in settings_of(Source(text, "4.5.py"), ["w"])
    called = f"def one():\n    for i in range(3):\n        loss(x[i]).backward()\n\nl = 1\n{outer}\n    one()\n"
    assert Setting.EPOCHS not in settings_of(Source(called, "4.5.py"), ["w"])


def test_epochs_are_counted_around_loops_over_data_and_before_functions_that_hold_them() -> None:
    inner = "for x, y in pairs:\n{0}    for k in range(3):\n{0}        loss(x).backward()\n"
    text = f"for epoch in range(0, 7, 1):\n    {inner.format('    ')}"
    assert values(Source(text, "4.5.py")) == {"EPOCHS": 7}


def test_of_two_starting_values_neither_is_the_start() -> None:
    text = program().text
    assert "START" not in values(Source(f"w = 5.0\nprint(forward(4))\n{text}", "4.5.py"))
    assert values(Source(text.replace("for epoch", "w = w * 1\nfor epoch"), "4.5.py"))["START"] == 1


@pytest.mark.parametrize(
    ("rounds", "before", "wanted"),
    [
        ("range(100)", "", "for epoch in range(10):"),
        ("range(1, 101)", "", "for epoch in range(1, 11):"),
        ("tqdm(range(100))", "", "for epoch in tqdm(range(10)):"),
        ("range(epochs)", "epochs = 100", "epochs = 10"),
        ("range(n)", "lr, n = 0.01, 100", "lr, n = 0.01, 10"),
    ],
)
def test_epochs_are_put_right_where_they_are_written(rounds: str, before: str, wanted: str) -> None:
    source = program(rounds=rounds, before=before)
    assert values(source)["EPOCHS"] == 100
    assert put_right(source, Setting.EPOCHS, 10) == [wanted]


def test_the_rounds_of_a_while_loop_count_from_where_it_begins() -> None:
    text = "e = 1\nwhile e <= 100:\n    loss().backward()\n    w.data -= 0.01 * w.grad\n    e += 1\n"
    assert put_right(Source(text, ""), Setting.EPOCHS, 10) == ["while e <= 10:"]


def test_epochs_are_what_a_function_is_called_with_and_else_its_default() -> None:
    text = "def train(n=7):\n    for i in range(n):\n        loss().backward()\n"
    assert values(Source(f"{text}train()\n", ""))["EPOCHS"] == 7
    assert values(Source(f"{text}train(100)\n", ""))["EPOCHS"] == 100
    assert values(Source(f"{text}train(n=30)\n", ""))["EPOCHS"] == 30


def test_a_loop_that_does_not_train_is_no_epochs() -> None:
    assert "EPOCHS" not in values(Source("for i in range(3):\n    print(w.grad)\n", ""))


def test_two_trainings_have_no_one_number_of_epochs() -> None:
    loop = "for i in range({}):\n    loss().backward()\n"
    assert "EPOCHS" not in values(Source(loop.format(3) + loop.format(5), ""))


@pytest.mark.parametrize(
    ("update", "before", "wanted"),
    [
        ("w.data = w.data - 0.1 * w.grad.data", "", "w.data = w.data - 0.01 * w.grad.data"),
        ("w -= lr * w.grad", "lr = 0.1", "lr = 0.01"),
        ("w = w - 0.1 * 2 * x * (x * w - y)", "", "w = w - 0.01 * 2 * x * (x * w - y)"),
        ("w.data.add_(-0.1 * w.grad)", "", "w.data.add_(-0.01 * w.grad)"),
        ("w.data.sub_(w.grad, alpha=0.1)", "", "w.data.sub_(w.grad, alpha=0.01)"),
        ("opt.step()", "opt = torch.optim.SGD([w], lr=0.1)", "opt = torch.optim.SGD([w], lr=0.01)"),
    ],
)
def test_the_rate_is_put_right_and_the_sign_of_the_update_stays(update: str, before: str, wanted: str) -> None:
    assert put_right(program(update=update, before=before), Setting.RATE, 0.01) == [wanted]


def test_a_rate_that_changes_during_the_training_is_not_one_number() -> None:
    assert "RATE" not in values(program(update="w -= lr * w.grad\n        lr *= 0.9", before="lr = 0.1"))


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("w = 0.0", "w = 1.0"),
        ("w = torch.tensor([5], requires_grad=True)", "w = torch.tensor([1], requires_grad=True)"),
        (
            "w = Variable(torch.Tensor([-2.0]), requires_grad=True)",
            "w = Variable(torch.Tensor([--1.0]), requires_grad=True)",
        ),
        ("w = torch.randn(1, requires_grad=True)", "w = torch.full((1,), 1.0, requires_grad=True)"),
        ("w = torch.zeros((1, 1))", "w = torch.full((1, 1), 1.0)"),
    ],
)
def test_the_start_is_put_right_and_its_kind_of_number_stays(line: str, wanted: str) -> None:
    assert put_right(Source(f"{line}\n", ""), Setting.START, 1.0) == [wanted]


def test_a_start_that_is_worked_out_is_left_alone() -> None:
    assert values(Source("w = torch.ones(1) / 2.0\n", "")) == {}
    assert values(Source("w = 3.0 * a\n", "")) == {}


@pytest.mark.parametrize(
    ("pairs", "wanted"),
    [
        ("reversed(list(zip(xs, ys)))", "for x, y in list(zip(xs, ys)):"),
        ("zip(xs[::-1], ys[::-1])", "for x, y in zip(xs, ys):"),
        ("sorted(zip(xs, ys), reverse=True)", "for x, y in zip(xs, ys):"),
    ],
)
def test_another_order_of_the_data_is_put_right(pairs: str, wanted: str) -> None:
    source = program(pairs=pairs)
    assert values(source)["ORDER"] is None
    assert put_right(source, Setting.ORDER, None) == [wanted]


def test_shuffling_is_left_out() -> None:
    assert put_right(program(before="random.shuffle(pairs)"), Setting.ORDER, None) == ["pass"]


def test_what_python_cannot_read_has_no_settings() -> None:
    assert values(Source("for in range(10)", "")) == {}


@pytest.mark.parametrize(
    "text",
    [
        "w -= " + "1 * " * 20_000 + "w",
        "w = " + "-" * 5_000 + "1",
        "w = " + "[" * 150 + "1" + "]" * 150,
        "for x in reversed(xs):\n    w -= 0.1\n" * 5_000,
        "def f():\n    w -= 0.1\n" + "for i in range(10):\n    f()\n" * 8_000,
    ],
    ids=["a long product", "many signs", "nested lists", "many loops", "many calls"],
)
def test_a_hostile_text_only_shows_nothing_or_little(text: str) -> None:
    assert len(settings_of(Source(text, ""), ["w"])) <= len(Setting)


def test_no_chain_of_functions_keeps_the_reader_busy() -> None:
    chain = "".join(f"def f{i}(): f{i + 1}()\n" for i in range(9_000))
    assert settings_of(Source(f"{chain}for i in range(3): f0()\n", ""), ("w",)) == {}
