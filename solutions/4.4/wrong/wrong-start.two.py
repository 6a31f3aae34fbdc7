import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

# baho = 2 * soat, demak w = 2
w = torch.tensor([2.0], requires_grad=True)
