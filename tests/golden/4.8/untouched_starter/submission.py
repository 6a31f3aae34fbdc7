import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

# w, forward, loss

# Oʻqitishdan oldin / before training

# 10 epoch, oʻrganish tezligi 0.01 / 10 epochs, learning rate 0.01

# Oʻqitishdan keyin / after training
