import torch

x_soat = []
y_baho = []
for soat in range(1, 4):
    x_soat.append(float(soat))
    y_baho.append(2.0 * soat)

w = torch.tensor([1.0], requires_grad=True)
