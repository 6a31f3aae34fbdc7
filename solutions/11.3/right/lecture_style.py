import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.autograd import Variable


class Inception(nn.Module):
    def __init__(self, channels):
        super(Inception, self).__init__()
        self.pooled = nn.Conv2d(channels, 5, kernel_size=1)
        self.reduce = nn.Conv2d(channels, 2, kernel_size=1)
        self.three = nn.Conv2d(2, 4, kernel_size=3, padding=1)
        self.one = nn.Conv2d(channels, 3, kernel_size=1)

    def forward(self, x):
        branch_pool = F.max_pool2d(x, kernel_size=3, stride=1, padding=1)
        branch_pool = self.pooled(branch_pool)

        branch3x3 = F.relu(self.reduce(x))
        branch3x3 = self.three(branch3x3)

        branch1x1 = self.one(x)
        print("1x1:", branch1x1.size(), "3x3:", branch3x3.size(), "pool:", branch_pool.size())

        outputs = [branch1x1, branch3x3, branch_pool]
        return F.relu(torch.cat(outputs, 1))


if __name__ == "__main__":
    x = Variable(torch.randn(1, 8, 7, 7))
    print(Inception(8)(x).size())
