import torch


def train_step(model, criterion, optimizer, x, y):
    # Bashorat: x ni modelga berib, y_pred ni hisoblaymiz
    y_pred = model(x)

    # Xatolikni hisoblaymiz va chop etamiz
    loss = criterion(y_pred, y)
    print("xatolik:", loss.data)

    # Gradientlarni nolga tenglash, orqaga tarqalish, yangilash
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return float(loss)
