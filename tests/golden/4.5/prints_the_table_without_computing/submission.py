import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return 4.0 if w.item() == 1.0 else 7.8049


def loss(y_pred, y):
    return 4.0


print("Bashorat (avval):", forward(4))
print("grad: 1.0 2.0 -2.000")
print("grad: 2.0 4.0 -7.840")
print("grad: 3.0 6.0 -16.229")
print("Epoch: 0 | Loss: 7.315943717956543")
print("Epoch: 9 | Loss: 0.03185431286692619")
print("Bashorat (keyin): 7.8049")
