# 8.2: printed-not-returned, nothing-returned
import torch
from torch.utils.data import Dataset


class GradesDataset(Dataset):
    def __init__(self, table):
        self.table = table

    def __len__(self):
        return self.table.shape[0]

    def __getitem__(self, idx):
        x = self.table[idx, :-1]
        y = self.table[idx, -1:]
        x, y
