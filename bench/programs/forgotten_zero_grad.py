# 4.5: gradient-not-zeroed, accumulated
import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.001)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


for epoch in range(50):
    for i in range(len(x_soat)):
        y_pred = forward(x_soat[i])
        xato = loss(y_pred, y_baho[i])
        xato.backward()
        optimizer.step()
    if epoch % 10 == 0:
        print(f"epoch {epoch}: w = {w.item():.3f}")
