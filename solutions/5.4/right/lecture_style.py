import torch


def fit(model, x, y, epochs, lr):
    criterion = torch.nn.MSELoss(reduction="mean")
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    xatoliklar = []

    # Oʻqitish sikli
    for epoch in range(epochs):
        y_pred = model(x)
        loss = criterion(y_pred, y)
        print(f"Epoch: {epoch} | Xatolik: {loss.item():.4f}")
        xatoliklar.append(float(loss.data))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return xatoliklar
