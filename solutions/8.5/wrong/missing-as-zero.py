import torch


def load():
    rows = [line.split(",") for line in open("students.csv").read().split()[1:]]
    x = [[float(hours or 0), float(exercises)] for hours, exercises, _ in rows]
    return torch.tensor(x), torch.tensor([[float(grade)] for _, _, grade in rows])
