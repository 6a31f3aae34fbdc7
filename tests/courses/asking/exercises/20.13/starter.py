import torch


def accuracy(pred, target, mask):
    ...


def dice_score(pred, target, eps=1e-6):
    ...
