import torch

x_soat = [1.0]
x_soat.append(2.0)
x_soat.append(3.0)
y_baho = [2.0, 4.0]
y_baho.extend([6.0])
w = torch.tensor([1.0], requires_grad=True)
