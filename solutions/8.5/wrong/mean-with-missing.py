import torch


def load():
    rows = [line.split(",") for line in open("students.csv").read().split()[1:]]
    mean = sum(float(row[0] or 0) for row in rows) / len(rows)
    x = [[float(hours) if hours else mean, float(exercises)] for hours, exercises, _ in rows]
    return torch.tensor(x), torch.tensor([[float(grade)] for _, _, grade in rows])
