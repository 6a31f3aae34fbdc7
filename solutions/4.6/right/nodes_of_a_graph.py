x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0


class Kopaytirish:
    def oldinga(self, a, b):
        self.a, self.b = a, b
        return a * b

    def orqaga(self, yuqoridan):
        return yuqoridan * self.b, yuqoridan * self.a


class Kvadrat:
    def oldinga(self, s):
        self.s = s
        return s**2

    def orqaga(self, yuqoridan):
        return yuqoridan * 2 * self.s


def gradient(x, y):
    kop, kv = Kopaytirish(), Kvadrat()
    kv.oldinga(kop.oldinga(x, w) - y)
    _, dw = kop.orqaga(kv.orqaga(1.0))
    return dw


epoch = 0
while epoch < 10:
    for x, y in zip(x_soat, y_baho):
        yangi = w - gradient(x, y) / 100
        w = yangi
    epoch += 1
