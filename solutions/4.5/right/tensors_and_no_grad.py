import torch

x_soat = torch.tensor([1.0, 2.0, 3.0])
y_baho = torch.tensor([2.0, 4.0, 6.0])
w = torch.nn.Parameter(torch.ones(()))
LR = 0.01


def forward(x: torch.Tensor) -> torch.Tensor:
    return x * w


def loss(y_pred: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return (y - y_pred).pow(2).mean()


for _ in range(10):
    for x, y in zip(x_soat, y_baho):
        loss(forward(x), y).backward()
        with torch.no_grad():
            w -= LR * w.grad
            w.grad = None
