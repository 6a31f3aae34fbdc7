import torch

x_soat = [float(i) for i in range(3)]
y_baho = [2 * soat for soat in x_soat]
w = torch.tensor([1.0], requires_grad=True)
