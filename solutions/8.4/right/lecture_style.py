import torch
from torch import nn

criterion = nn.MSELoss(reduction="sum")


def train_epoch(model, loader, optimizer):
    model.train()
    jami = 0
    for i, data in enumerate(loader, 0):
        # Kirishlar va haqiqiy qiymatlar
        inputs, labels = data

        # Bashorat va xatolik
        y_pred = model(inputs)
        loss = criterion(y_pred, labels) / len(inputs)
        print("batch:", i, "xatolik:", loss.item())
        jami += loss.item() * inputs.size(0)

        # Orqaga tarqalish va yangilash
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return jami / len(loader.dataset)
