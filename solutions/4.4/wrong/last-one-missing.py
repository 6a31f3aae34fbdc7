import torch

x_soat = list(range(1, 3))
y_baho = list(range(2, 6, 2))
w = torch.tensor(1.0, requires_grad=True)
