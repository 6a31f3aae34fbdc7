import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor(1.0, requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.01)


def forward(x):
    return w * x


def loss(y_pred, y):
    return torch.square(y_pred - y)


def main():
    print(f"oldin: 4 soat -> {forward(4).item():.4f}")
    for epoch in range(1, 11):
        for soat, baho in zip(x_soat, y_baho):
            optimizer.zero_grad()
            xato = loss(forward(soat), baho)
            xato.backward()
            optimizer.step()
            print(f"  {soat:.2f} soat: gradient {w.grad.item():+.4f}")
        print(f"{epoch}-epoch, xatolik {xato.item():.6f}")
    print(f"keyin: 4 soat -> {forward(4).item():.4f}")


if __name__ == "__main__":
    main()
