import torch

words = open("names.txt").read().splitlines()
