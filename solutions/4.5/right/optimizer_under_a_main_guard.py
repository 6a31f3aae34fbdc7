import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor(1.0, requires_grad=True)


def forward(x):
    return w * x


def loss(y_pred, y):
    return torch.square(y_pred - y)


def train(epochs=10, lr=0.01):
    optimizer = torch.optim.SGD([w], lr=lr)
    for epoch in range(epochs):
        for soat, baho in zip(x_soat, y_baho):
            optimizer.zero_grad()
            xato = loss(forward(soat), baho)
            xato.backward()
            optimizer.step()
        print(f"{epoch + 1:2d}-epoch: xato {xato.item():.4f}, w {w.item():.4f}")


if __name__ == "__main__":
    train()
