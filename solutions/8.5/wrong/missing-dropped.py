import torch


def load():
    rows = [line.split(",") for line in open("students.csv").read().split()[1:]]
    rows = [row for row in rows if row[0]]
    x = [[float(hours), float(exercises)] for hours, exercises, _ in rows]
    return torch.tensor(x), torch.tensor([[float(grade)] for _, _, grade in rows])
