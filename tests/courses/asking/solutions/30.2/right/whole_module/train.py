import net


def one_step(model, optimizer, X, y):
    optimizer.zero_grad()
    loss = net.loss_fn(model(X), y)
    loss.backward()
    optimizer.step()
    return float(loss)


def train(model, optimizer, X, y, steps):
    return [one_step(model, optimizer, X, y) for _ in range(steps)]


if __name__ == "__main__":
    import torch

    model = net.Net(2)
    train(model, torch.optim.SGD(model.parameters(), lr=0.1), torch.ones(2, 2), torch.ones(2), 3)
