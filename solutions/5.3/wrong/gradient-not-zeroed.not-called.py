def train_step(model, criterion, optimizer, x, y):
    y_pred = model(x)
    loss = criterion(y_pred, y)
    optimizer.zero_grad
    loss.backward()
    optimizer.step()
    return loss.item()
