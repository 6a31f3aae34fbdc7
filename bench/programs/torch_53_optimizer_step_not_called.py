# 5.3: never-called, parameter-not-updated
def train_step(model, criterion, optimizer, x, y):
    y_hat = model(x)
    loss = criterion(y_hat, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step
    return loss.item()
