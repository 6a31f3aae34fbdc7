import torch


def load():
    rows = [line.split(",") for line in open("students.csv").read().split()[1:]]
    known = [float(row[0]) for row in rows if row[0]]
    mean = sum(known) / len(known)
    x = [[float(hours) if hours else mean, float(exercises)] for hours, exercises, _ in rows]
    return torch.tensor(x), torch.tensor([float(grade) for _, _, grade in rows])
