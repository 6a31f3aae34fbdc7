import torch

x_soat = torch.tensor([1.0, 2.0, 3.0])
y_baho = torch.tensor([2.0, 4.0, 6.0])
w = torch.tensor([1.0], requires_grad=True).detach()
