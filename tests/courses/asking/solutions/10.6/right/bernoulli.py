import torch


class Dropout(torch.nn.Module):
    def __init__(self, p=0.5):
        super(Dropout, self).__init__()
        self.p = p
        self.keep = 1 - p

    def forward(self, x):
        if self.training:
            mask = torch.bernoulli(torch.full(x.shape, float(self.keep)))
            x = mask * x * (1.0 / self.keep)
        return x
