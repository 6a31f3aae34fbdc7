import torch


class LegendrePolynomial3:
    @staticmethod
    def apply(input):
        return 0.5 * (5 * input**3 - 3 * input)
