import torch


def malumot():
    soat = [float(i) for i in range(1, 4)]
    return soat, [2 * s for s in soat]


x_soat, y_baho = malumot()
w = torch.tensor(1.0).requires_grad_(True)
