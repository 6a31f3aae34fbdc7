import torch.nn.functional as F
from torch import nn


class DeepModel(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.depth = len(sizes) - 1
        for i in range(self.depth):
            setattr(self, f"l{i + 1}", nn.Linear(sizes[i], sizes[i + 1]))

    def forward(self, x):
        out = x
        for i in range(1, self.depth + 1):
            out = getattr(self, f"l{i}")(out)
            if i != self.depth:
                out = F.relu(out)
        print(out.shape)
        return out
