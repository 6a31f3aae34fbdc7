import torch

x_soat = torch.Tensor([[1], [2], [3]])
y_baho = x_soat * 2
w = torch.ones(1, 1, requires_grad=True)
