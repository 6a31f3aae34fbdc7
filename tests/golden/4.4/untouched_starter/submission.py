import torch

# 1, 2, 3 soat / hours
x_soat = []

# 2, 4, 6 baho / grades
y_baho = []

# 1.0 dan boshlanadi, gradienti hisoblanadi / starts at 1.0, its gradient is computed
w = None
