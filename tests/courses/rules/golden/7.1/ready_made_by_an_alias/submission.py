import torch.nn.functional as F


def max_pool(x):
    return F.max_pool2d(x[None], 2)[0]
