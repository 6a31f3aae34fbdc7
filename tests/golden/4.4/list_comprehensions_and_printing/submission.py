import torch

x_soat = [float(i) for i in range(1, 4)]
y_baho = [2 * x for x in x_soat]
w = torch.full((1,), 1.0, requires_grad=True)

for x, y in zip(x_soat, y_baho):
    print(f"{x} soat → {y} baho")
print("w =", w)
