import torch


def train_step(model, criterion, optimizer, x, y):
    ...
