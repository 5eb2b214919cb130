"""How amounts are said in warnings and tables."""

from explorer.errors import BadInput
from explorer.mixing.mix import UNTIERED, Budget
from widgets import numbers

EXACT_BELOW = 100_000


def amount(count: int) -> str:
    """Say a count of tokens or samples: exact while it is short, else in three digits (`8.00B`)."""
    return numbers.count(count) if count < EXACT_BELOW else numbers.short(count)


def percent(share: float) -> str:
    """Say a share given in percent, without a needless decimal."""
    return f"{share:.1f}".removesuffix(".0") + "%"


def times(epochs: float) -> str:
    """Say how often a tier is read, without needless decimals and without hiding that it repeats."""
    if 1 < epochs < 1.005:
        return "just over 1"
    return f"{epochs:.2f}".rstrip("0").removesuffix(".")


def tier_words(tier: int) -> str:
    """Say a tier in the middle of a sentence."""
    return "the untiered part" if tier == UNTIERED else f"tier {tier}"


def sentence(text: str) -> str:
    """Begin a sentence with a capital letter."""
    return text[:1].upper() + text[1:]


def read_budget(text: str) -> Budget:
    """Reads a number of tokens (`1000000`, `1_000_000`, `1.5M`, `20B`) or `fit`; raises BadInput."""
    plain = text.strip().replace(",", "").replace("_", "").lower()
    if plain == "fit":
        return "fit"
    scale = {"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}.get(plain[-1:], 1)
    try:
        number = float(plain[:-1] if scale > 1 else plain) * scale
    except ValueError:
        number = -1.0
    if not 1 <= number < 1e18:
        raise BadInput(f"{text!r} is no budget.", "Write a number of tokens, as 1000000 or 1.5M, or fit.")
    return round(number)
