import torch

criterion = torch.nn.BCELoss(reduction="mean")


def fit(model, x, y, epochs, lr):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    y = y.float().unsqueeze(1)
    xatoliklar = []
    for epoch in range(epochs):
        # Oldinga hisob
        y_pred = torch.sigmoid(model(x))
        loss = criterion(y_pred, y)
        print(epoch, loss.item())
        xatoliklar.append(loss.item())
        # Orqaga tarqalish
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return xatoliklar
