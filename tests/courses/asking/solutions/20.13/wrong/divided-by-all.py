def accuracy(pred, target, mask):
    return ((pred == target) & mask).float().mean()


def dice_score(pred, target, eps=1e-6):
    pred, target = pred.flatten(1), target.flatten(1)
    both = (pred & target).sum(1)
    return ((2 * both + eps) / (pred.sum(1) + target.sum(1) + eps)).mean()
