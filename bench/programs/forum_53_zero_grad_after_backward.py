# 5.3: zeroed-before-update
def train_step(model, criterion, optimizer, x, y):
    prediction = model(x)
    loss = criterion(prediction, y)
    loss.backward()
    model.zero_grad()
    optimizer.step()
    return loss.item()
