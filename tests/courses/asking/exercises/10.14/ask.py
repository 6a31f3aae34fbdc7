import os
import tempfile

import torch


def _state(model, optimizer, epoch):
    return {"epoch": epoch, "state_dict": model.state_dict(), "optim_dict": optimizer.state_dict()}


def _step(model, optimizer, x):
    optimizer.zero_grad()
    model(x).pow(2).mean().backward()
    optimizer.step()


def through_a_file(save, load, model, other, epoch, x):
    with tempfile.TemporaryDirectory() as folder:
        inner = os.path.join(folder, "experiment")
        save(_state(model, torch.optim.SGD(model.parameters(), lr=0.1), epoch), False, inner)
        found = load(os.path.join(inner, "last.pth.tar"), other)
        return other(x), found["epoch"], sorted(os.listdir(inner))


def training_goes_on(save, load, model, other, x):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    _step(model, optimizer, x)
    with tempfile.TemporaryDirectory() as folder:
        save(_state(model, optimizer, 1), False, folder)
        another = torch.optim.SGD(other.parameters(), lr=0.5)
        load(os.path.join(folder, "last.pth.tar"), other, another)
    _step(other, another, x)
    return other(x)


def best_of_three(save, load, model, other, first):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with tempfile.TemporaryDirectory() as folder:
        for epoch, is_best in enumerate([False, True, False], start=first):
            save(_state(model, optimizer, epoch), is_best, folder)
        names = sorted(os.listdir(folder))
        save(_state(model, optimizer, first + 3), True, folder)
        return names, [load(os.path.join(folder, name), other)["epoch"] for name in names]
