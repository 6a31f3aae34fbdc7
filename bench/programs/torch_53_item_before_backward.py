# 5.3: item-too-early
def train_step(model, criterion, optimizer, x, y):
    optimizer.zero_grad()
    pred = model(x)
    loss = criterion(pred, y).item()
    loss.backward()
    optimizer.step()
    return loss
