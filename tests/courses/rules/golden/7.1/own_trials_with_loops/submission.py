import torch
import torch.nn.functional as F


def max_pool(x):
    rows, columns = x.shape
    return x.reshape(rows // 2, 2, columns // 2, 2).amax(dim=(1, 3))


for size in [2, 4]:
    trial = torch.rand(size, size)
    assert torch.equal(max_pool(trial), F.max_pool2d(trial[None], 2)[0])
checked = [max_pool(torch.rand(2, 2)) for _ in range(3)]
