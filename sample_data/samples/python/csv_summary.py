#!/usr/bin/env python3
"""Print minimum, mean and maximum of every numeric column of a CSV file."""

import argparse
import csv
import math
import sys


class Column:
    def __init__(self, name):
        self.name = name
        self.count = 0
        self.total = 0.0
        self.low = math.inf
        self.high = -math.inf

    def add(self, text):
        try:
            value = float(text)
        except ValueError:
            return
        if math.isnan(value):
            return
        self.count += 1
        self.total += value
        self.low = min(self.low, value)
        self.high = max(self.high, value)

    def __str__(self):
        if not self.count:
            return f"{self.name:<20} no numbers"
        mean = self.total / self.count
        return f"{self.name:<20} {self.low:>12g} {mean:>12g} {self.high:>12g}"


def summarise(lines, delimiter):
    reader = csv.DictReader(lines, delimiter=delimiter)
    columns = [Column(name) for name in reader.fieldnames or []]
    for row in reader:
        for column in columns:
            column.add(row[column.name] or "")
    return columns


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=argparse.FileType("r"), default=sys.stdin)
    parser.add_argument("-d", "--delimiter", default=",")
    options = parser.parse_args(argv)
    for column in summarise(options.file, options.delimiter):
        print(column)
    return 0


if __name__ == "__main__":
    sys.exit(main())
