import torch


def letter_by_letter(model, x):
    """Return the logits N×4×(T-1) for the letter after each one from the second: the model sees only what is written so far."""
    return torch.stack([model(x[:, : t + 1])[:, -1] for t in range(1, x.shape[1])], dim=2)
