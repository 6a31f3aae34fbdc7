import torch
from torch import nn


class Cell(nn.Module):
    def __init__(self, W_h, W_x):
        super().__init__()
        self.W_h, self.W_x = W_h, W_x

    def forward(self, x, h):
        h2h = h.mm(self.W_h.t())
        i2h = x.mm(self.W_x.t())
        return (h2h + i2h).tanh()


def rnn_step(x, prev_h, W_h, W_x):
    return Cell(W_h, W_x)(x, prev_h)


if __name__ == "__main__":
    h = torch.zeros(1, 20)
    W_h, W_x = torch.ones(20, 20, requires_grad=True), torch.ones(20, 10, requires_grad=True)
    rnn_step(torch.ones(1, 10), h, W_h, W_x).sum().backward()
    print(W_x.grad.shape)
