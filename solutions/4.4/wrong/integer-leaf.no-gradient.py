import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.ones(1, dtype=torch.int64)  # 1 dan boshlanadi
