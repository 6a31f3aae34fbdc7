from torch.nn.functional import max_pool2d as pooled


def helper(x):
    return pooled(x, 2)


def max_pool(x):
    for _ in range(1):
        x = helper(x[None])[0]
    return x
