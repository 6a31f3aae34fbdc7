import torch

criterion = torch.nn.MSELoss(reduction="sum")


def batch_loss(model, x, y):
    y_pred = model(x)
    y = y.unsqueeze(1)
    assert y_pred.shape == y.shape
    loss = criterion(y_pred, y) / len(x)
    return loss
