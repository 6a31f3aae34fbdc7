def batch_loss(model, x, y):
    return (model(x).view(-1) - y).mean() ** 2
