"""Writes notation.csv, to which notation.go and page/numbers.js are held: how a
number is written, the number, its text. Python's format rounds the exact value of
a float, half-way cases to the even digit."""
import csv
import math
import random
import sys


def amount(value, digits):
    if not math.isfinite(value):
        return "–"
    text = format(value, f".{digits}f")
    return text.removeprefix("-") if float(text) == 0 else text


def decimals(value, digits):
    text = amount(value, digits)
    for zero, point in ("-0.", "-."), ("0.", "."):
        if text.startswith(zero):
            return point + text.removeprefix(zero)
    return text


def signed(value):
    text = decimals(value, 3)
    return "+" + text if value > 0 and text.strip("0.") else text


def probability(share):
    if share < 0.0001:
        return "<0.01"
    return amount(100 * share, 2 if share < 0.1 else 1)


writers = {
    "decimal": lambda v: decimals(v, 3),
    "coarse": lambda v: decimals(v, 2),
    "signed": signed,
    "probability": probability,
    "small": lambda v: amount(100 * v, 0),  # of fewer than 100 triplets
    "large": lambda v: amount(100 * v, 1),
}

numbers = random.Random(1709)
values = [0, -0.0, 1, -1, 0.5, 10.5, 0.45833, 0.7194, -0.0374, 0.9996, -0.0001, 0.0004, 0.0005, 0.0015, 0.0025, 1e-9, 1e-4, 0.09996, 0.1, 0.999949]
values += [k / 16 for k in range(-3, 17)]  # half-way in per cent: 6.25
values += [k / 64 for k in range(1, 8)] + [0.125, 0.375, 2.5, 4.125, 0.0078125]
values += [numbers.uniform(-1, 1) for _ in range(20)]

table = csv.writer(sys.stdout, lineterminator="\n")
table.writerow(["how", "number", "text"])
for how, write in writers.items():
    for value in values:
        if how != "probability" or value >= 0:
            table.writerow([how, repr(value), write(value)])
