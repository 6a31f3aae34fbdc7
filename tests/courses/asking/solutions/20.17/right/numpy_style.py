import numpy as np
import torch.optim.lr_scheduler as schedulers


class CosineWarmupScheduler(schedulers._LRScheduler):
    def __init__(self, optimizer, warmup, max_iters):
        self.w, self.m = warmup, max_iters
        super(CosineWarmupScheduler, self).__init__(optimizer)

    def get_lr(self):
        t = self.last_epoch
        return [lr * np.cos(np.pi * t / self.m / 2) ** 2 * min(1.0, t / self.w) for lr in self.base_lrs]
