from pathlib import Path

import torch


def save_checkpoint(state, is_best, checkpoint):
    folder = Path(checkpoint)
    if not folder.exists():
        print("Checkpoint Directory does not exist! Making directory {}".format(checkpoint))
        folder.mkdir(parents=True)
    names = ["last.pth.tar", "best.pth.tar"] if is_best else ["last.pth.tar"]
    for name in names:
        torch.save(state, folder / name)


def load_checkpoint(checkpoint, model, optimizer=None):
    if not Path(checkpoint).is_file():
        raise FileNotFoundError(checkpoint)
    checkpoint = torch.load(checkpoint, map_location="cpu", weights_only=True)
    model.load_state_dict(checkpoint["state_dict"])
    if optimizer is not None:
        optimizer.load_state_dict(checkpoint["optim_dict"])
    return checkpoint
