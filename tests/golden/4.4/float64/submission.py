import torch

x_soat = torch.arange(1, 4, dtype=torch.float64)
y_baho = 2 * x_soat
w = torch.tensor([1.0], dtype=torch.double, requires_grad=True)
