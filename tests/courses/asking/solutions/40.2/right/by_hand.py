import torch

x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])

W1, b1 = 2 * torch.randn(2, 16), torch.zeros(16)
W2, b2 = torch.randn(16, 1), torch.zeros(1)


def net(points):
    return torch.sigmoid(torch.sigmoid(points @ W1 + b1) @ W2 + b2)


def main():
    for step in range(3000):
        hidden = torch.sigmoid(x @ W1 + b1)
        delta = (torch.sigmoid(hidden @ W2 + b2) - y) / len(x)
        back = delta @ W2.T * hidden * (1 - hidden)
        for parameter, gradient in ((W2, hidden.T @ delta), (b2, delta.sum(0)), (W1, x.T @ back), (b1, back.sum(0))):
            parameter -= 4 * gradient
        if step % 1000 == 0:
            print(step, ((net(x) > 0.5) == y).float().mean().item())


if __name__ == "__main__":
    main()
