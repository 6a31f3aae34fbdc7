import os
import shutil

import torch


def save_checkpoint(state, is_best, checkpoint):
    os.makedirs(checkpoint, exist_ok=True)
    name = "best.pth.tar" if is_best else "last.pth.tar"
    torch.save(state, os.path.join(checkpoint, name))


def load_checkpoint(checkpoint, model, optimizer=None):
    state = torch.load(checkpoint)
    model.load_state_dict(state["state_dict"])
    if optimizer:
        optimizer.load_state_dict(state["optim_dict"])
    return state
