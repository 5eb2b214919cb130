from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

EXPONENTS = {"EUR": 2, "USD": 2, "JPY": 0, "KWD": 3}


@dataclass(frozen=True, order=False)
class Money:
    amount: int  # in the smallest unit of the currency
    currency: str

    @classmethod
    def parse(cls, text, currency):
        scale = Decimal(10) ** EXPONENTS[currency]
        value = (Decimal(text) * scale).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        return cls(int(value), currency)

    def __add__(self, other):
        self._require_same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other):
        self._require_same(other)
        return Money(self.amount - other.amount, self.currency)

    def split(self, parts):
        """Divide without losing a cent: the first shares are one unit larger."""
        share, rest = divmod(self.amount, parts)
        return [Money(share + (index < rest), self.currency) for index in range(parts)]

    def __str__(self):
        digits = EXPONENTS[self.currency]
        return f"{Decimal(self.amount).scaleb(-digits):.{digits}f} {self.currency}"

    def _require_same(self, other):
        if self.currency != other.currency:
            raise TypeError(f"cannot mix {self.currency} and {other.currency}")
