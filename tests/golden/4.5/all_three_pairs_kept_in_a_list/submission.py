import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
juftliklar = list(zip(x_soat, y_baho))
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return torch.mul(w, x)


def loss(y_pred, y):
    return torch.pow(torch.sub(y_pred, y), 2)


for epoch in range(10):
    for i, (x, y) in enumerate(juftliklar, start=1):
        loss(forward(x), y).backward()
        w.data = w.data - 0.01 * w.grad.data
        w.grad.data.zero_()
        if i == len(juftliklar):
            print(f"{epoch=} {w.item()=:.4f}")
