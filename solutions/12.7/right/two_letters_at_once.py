import torch
from torch import nn


class Jadval(nn.Module):
    """RNN emas: oldingi ikki harfning har bir juftligi uchun oʻz logitlari."""

    def __init__(self):
        super().__init__()
        self.jadval = nn.Embedding(5 * 4, 4)

    def forward(self, x):
        oldingi = torch.cat([torch.full_like(x[:, :1], 4), x[:, :-1]], dim=1)
        return self.jadval(oldingi * 4 + x)


def train(x):
    model = Jadval()
    opt = torch.optim.Adam(model.parameters(), lr=0.3)
    for _ in range(60):
        opt.zero_grad()
        nn.functional.cross_entropy(model(x[:, :-1]).transpose(1, 2), x[:, 1:]).backward()
        opt.step()
    return model
