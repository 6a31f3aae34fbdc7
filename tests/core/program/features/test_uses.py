"""What a program makes use of is seen in its text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.core.program.features import uses
from grader.core.program.source import Source


@pytest.mark.parametrize(
    ("uses_it", "with_it", "without"),
    [
        (uses.drops_fractions, "a = right // len(y)\n", "a = right / len(y)\n"),
        (uses.drops_fractions, "a = int(right / len(y))\n", "a = float(right / len(y))\n"),
        (uses.takes_largest, "p, _ = torch.max(z, 1)\n", "p = z.argmax(dim=1)\n"),
        (uses.makes_model, "model = nn.Linear(2, 1)\n", "loss = nn.MSELoss()\n"),
        (uses.makes_model, "class M:\n    pass\n", "m = model(x)\n"),
        (uses.rescales, "x = (x - x.mean(0)) / x.std(0)\n", "d = 2 * np.mean((x * w - y) * x)\n"),
        (uses.rescales, "y = y / y.max()\n", "g = sum(2 * s * x) / 40\n"),
        (uses.never_zeroes, "loss.backward()\nopt.step()\n", "opt.zero_grad()\nloss.backward()\nopt.step()\n"),
        (uses.never_zeroes, "loss.backward()\nopt.step()\n", "loss.backward()\nw = new(w)\n"),
        (uses.takes_root, "loss = (d ** 2).mean() ** 0.5\n", "loss = 0.5 * (d ** 2).mean()\n"),
        (uses.takes_root, "loss = math.sqrt(total)\n", "loss = abs(d).mean()\n"),
        (uses.differs_in_training, "x = nn.Dropout(0.5)(x)\n", "x = torch.relu(x)\n"),
        (
            uses.makes_layer_in_call,
            "class M:\n    def forward(self, x):\n        return nn.Linear(2, 1)(x)\n",
            "class M:\n    def __init__(self):\n        self.layers = [nn.Linear(2, 1)]\n",
        ),
        (uses.prints, "print(x * w)\n", "x * w\n"),
    ],
)
def test_what_a_program_uses(uses_it: Callable[[Source], bool], with_it: str, without: str) -> None:
    assert uses_it(Source(with_it, "4.5.py")) and not uses_it(Source(without, "4.5.py"))
