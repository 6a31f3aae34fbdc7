import torch


def picture_by_picture(model, x):
    """Return the logits N×3: each picture is given to the model by itself, as a batch of one."""
    return torch.cat([model(x[i : i + 1]) for i in range(len(x))])
