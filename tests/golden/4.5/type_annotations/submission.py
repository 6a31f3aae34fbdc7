from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

x_soat: list[float] = [1.0, 2.0, 3.0]
y_baho: list[float] = [2.0, 4.0, 6.0]
w: Tensor = torch.tensor([1.0], requires_grad=True)
Model = Callable[[float], "Tensor | None"]


def forward(x: float) -> Tensor:
    return x * w


def loss(y_pred: Tensor, y: float) -> Tensor:
    return (y_pred - y) ** 2


def train(model: Model, epochs: int = 10, rate: float = 0.01) -> None:
    for _ in range(epochs):
        for x, y in zip(x_soat, y_baho):
            loss(model(x), y).backward()
            w.data -= rate * w.grad
            w.grad.zero_()


if __name__ == "__main__":
    train(forward)
