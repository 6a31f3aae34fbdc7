def train_step(model, criterion, optimizer, x, y):
    def closure():
        optimizer.zero_grad(set_to_none=False)
        loss = criterion(model(x), y)
        loss.backward()
        return loss

    return optimizer.step(closure).item()
