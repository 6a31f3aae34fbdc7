# 5.3: graph-cut
def train_step(model, criterion, optimizer, x, y):
    optimizer.zero_grad()
    loss = criterion(model(x).detach(), y)
    loss.backward()
    optimizer.step()
    return loss.item()
