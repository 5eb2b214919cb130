"""Solves Sudoku by constraint propagation with bit masks."""

ALL = 0x1FF


def box(row, column):
    return row // 3 * 3 + column // 3


class Board:
    def __init__(self, text):
        cells = [int(letter) if letter.isdigit() else 0 for letter in text if letter in "0123456789."]
        if len(cells) != 81:
            raise ValueError(f"expected 81 cells, found {len(cells)}")
        self.rows, self.columns, self.boxes = [ALL] * 9, [ALL] * 9, [ALL] * 9
        self.cells = [0] * 81
        for place, digit in enumerate(cells):
            if digit:
                self.put(place, 1 << digit - 1)

    def candidates(self, place):
        row, column = divmod(place, 9)
        return self.rows[row] & self.columns[column] & self.boxes[box(row, column)]

    def put(self, place, bit):
        if not self.candidates(place) & bit:
            raise ValueError(f"contradiction at cell {place}")
        self._flip(place, bit)
        self.cells[place] = bit

    def clear(self, place):
        self._flip(place, self.cells[place])
        self.cells[place] = 0

    def _flip(self, place, bit):
        row, column = divmod(place, 9)
        self.rows[row] ^= bit
        self.columns[column] ^= bit
        self.boxes[box(row, column)] ^= bit

    def solve(self):
        open_cells = [place for place in range(81) if not self.cells[place]]
        if not open_cells:
            return True
        place = min(open_cells, key=lambda cell: self.candidates(cell).bit_count())
        options = self.candidates(place)
        while options:
            bit = options & -options
            self.put(place, bit)
            if self.solve():
                return True
            self.clear(place)
            options ^= bit
        return False

    def __str__(self):
        digits = "".join(str(bit.bit_length()) for bit in self.cells)
        return "\n".join(digits[start : start + 9] for start in range(0, 81, 9))
