import torch

x_soat = torch.arange(1.0, 4.0)
y_baho = 2 * x_soat
w = torch.tensor(1.0).requires_grad_()
