import torch


def accuracy(pred, target, mask):
    correct = ((pred == target) * mask).sum()
    return correct.item() / mask.sum().item()


def dice_score(pred, target, eps=1e-6):
    total = 0
    for p, t in zip(pred.float(), target.float()):
        inter = (p * t).sum()
        total += (2 * inter + eps) / (p.sum() + t.sum() + eps)
    return total / len(pred)
