import torch


def save_checkpoint(state, is_best, checkpoint):
    ...


def load_checkpoint(checkpoint, model, optimizer=None):
    ...
