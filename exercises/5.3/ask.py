def after_steps(train_step, model, criterion, optimizer, x, y):
    # The gradients are not clean when the training begins.
    model(x).sum().backward()
    return [train_step(model, criterion, optimizer, x[i : i + 2], y[i : i + 2]) for i in (0, 2, 4)]
