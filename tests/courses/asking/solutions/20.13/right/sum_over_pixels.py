import torch


def accuracy(pred, target, mask):
    wrong = torch.logical_and(pred != target, mask).sum()
    return 1 - wrong / mask.sum()


def dice_score(pred, target, eps=1e-6):
    p, t = pred.double(), target.double()
    intersection = (p * t).sum(dim=(1, 2))
    union = p.sum(dim=(1, 2)) + t.sum(dim=(1, 2))
    return torch.mean((2. * intersection + eps) / (union + eps))
