import torch
from torch import nn


class Step(nn.Module):
    def forward(self, x, prev_h, W_h, W_x):
        return torch.tanh(torch.addmm(W_x @ x.T, W_h, prev_h.T))


step = Step()


def rnn_step(x, prev_h, W_h, W_x):
    return step(x, prev_h, W_h, W_x)


if __name__ == "__main__":
    W_h = torch.randn(20, 20, requires_grad=True)
    W_x = torch.randn(20, 10, requires_grad=True)
    h = torch.randn(1, 20)
    for _ in range(3):
        h = rnn_step(torch.randn(1, 10), h, W_h, W_x).T
    h.sum().backward()
    print(W_h.grad.shape)
