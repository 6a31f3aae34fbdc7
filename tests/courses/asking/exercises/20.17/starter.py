from torch import optim


class CosineWarmupScheduler(optim.lr_scheduler.LRScheduler):
    pass
