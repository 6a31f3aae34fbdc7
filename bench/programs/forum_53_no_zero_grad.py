# 5.3: gradient-not-zeroed
def train_step(model, criterion, optimizer, x, y):
    model.train()
    out = model(x)
    loss = criterion(out, y)
    loss.backward()
    optimizer.step()
    return float(loss)
