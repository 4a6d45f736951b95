"""The service: it adds up a basket."""


def total(a, b):
    return a + b
