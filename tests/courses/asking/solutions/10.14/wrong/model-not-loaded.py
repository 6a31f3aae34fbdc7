import os
import shutil

import torch


def save_checkpoint(state, is_best, checkpoint):
    os.makedirs(checkpoint, exist_ok=True)
    path = os.path.join(checkpoint, "last.pth.tar")
    torch.save(state, path)
    if is_best:
        shutil.copyfile(path, os.path.join(checkpoint, "best.pth.tar"))


def load_checkpoint(checkpoint, model, optimizer=None):
    state = torch.load(checkpoint)
    state["state_dict"]
    if optimizer:
        optimizer.load_state_dict(state["optim_dict"])
    return state
