"""Costs whoever compiles it gigabytes: Python compiles the body of `finally` once for every way out of its `try`.

Limits: wall=2 memory=256
Expect: forward=error loss=error loop=error
"""

import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


def bomb(a):
    try:
        if a:
            return
        if a:
            return
        if a:
            return
    finally:
        try:
            if a:
                return
            if a:
                return
            if a:
                return
        finally:
            try:
                if a:
                    return
                if a:
                    return
                if a:
                    return
            finally:
                try:
                    if a:
                        return
                    if a:
                        return
                    if a:
                        return
                finally:
                    try:
                        if a:
                            return
                        if a:
                            return
                        if a:
                            return
                    finally:
                        try:
                            if a:
                                return
                            if a:
                                return
                            if a:
                                return
                        finally:
                            try:
                                if a:
                                    return
                                if a:
                                    return
                                if a:
                                    return
                            finally:
                                try:
                                    if a:
                                        return
                                    if a:
                                        return
                                    if a:
                                        return
                                finally:
                                    try:
                                        if a:
                                            return
                                        if a:
                                            return
                                        if a:
                                            return
                                    finally:
                                        try:
                                            if a:
                                                return
                                            if a:
                                                return
                                            if a:
                                                return
                                        finally:
                                            try:
                                                if a:
                                                    return
                                                if a:
                                                    return
                                                if a:
                                                    return
                                            finally:
                                                try:
                                                    if a:
                                                        return
                                                    if a:
                                                        return
                                                    if a:
                                                        return
                                                finally:
                                                    try:
                                                        if a:
                                                            return
                                                        if a:
                                                            return
                                                        if a:
                                                            return
                                                    finally:
                                                        try:
                                                            if a:
                                                                return
                                                            if a:
                                                                return
                                                            if a:
                                                                return
                                                        finally:
                                                            try:
                                                                if a:
                                                                    return
                                                                if a:
                                                                    return
                                                                if a:
                                                                    return
                                                            finally:
                                                                try:
                                                                    if a:
                                                                        return
                                                                    if a:
                                                                        return
                                                                    if a:
                                                                        return
                                                                finally:
                                                                    a = a + 1


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        l = loss(forward(x), y)
        l.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        w.grad.zero_()
