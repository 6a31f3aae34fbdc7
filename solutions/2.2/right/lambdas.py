import math

w, b = 1.5, 4.0

forward = lambda x: b + w * x  # noqa: E731
loss = lambda x, y: math.pow(forward(x) - y, 2)  # noqa: E731

if __name__ == "__main__":
    print(f"{forward(4):.2f}")
