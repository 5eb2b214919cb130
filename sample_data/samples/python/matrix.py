from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Matrix:
    """An immutable matrix of exact fractions."""

    rows: tuple[tuple[Fraction, ...], ...]

    @classmethod
    def of(cls, rows: list[list[int]]) -> Matrix:
        return cls(tuple(tuple(Fraction(value) for value in row) for row in rows))

    @classmethod
    def identity(cls, size: int) -> Matrix:
        return cls.of([[int(row == column) for column in range(size)] for row in range(size)])

    def transpose(self) -> Matrix:
        return Matrix(tuple(zip(*self.rows)))

    def __matmul__(self, other: Matrix) -> Matrix:
        columns = other.transpose().rows
        return Matrix(tuple(tuple(sum(a * b for a, b in zip(row, column, strict=True)) for column in columns) for row in self.rows))

    def determinant(self) -> Fraction:
        rows = [list(row) for row in self.rows]
        result = Fraction(1)
        for index in range(len(rows)):
            pivot = next((row for row in range(index, len(rows)) if rows[row][index]), None)
            if pivot is None:
                return Fraction(0)
            if pivot != index:
                rows[index], rows[pivot] = rows[pivot], rows[index]
                result = -result
            result *= rows[index][index]
            for row in range(index + 1, len(rows)):
                factor = rows[row][index] / rows[index][index]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[index])]
        return result
