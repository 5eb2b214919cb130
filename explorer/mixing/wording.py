"""How amounts are said in warnings and tables."""

from explorer.errors import BadInput
from explorer.mixing.mix import UNTIERED, Budget

EXACT_BELOW = 100_000
UNITS = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "k"))


def amount(count: int) -> str:
    """Say a count of tokens or samples: exact while short, else with three digits and a unit (`8.00 B`)."""
    if count < EXACT_BELOW:
        return f"{count:,}"
    size, unit = next((size, unit) for size, unit in UNITS if count >= size)
    value = count / size
    decimals = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{decimals}f} {unit}"


def percent(share: float) -> str:
    """Say a share given in percent, without a needless decimal."""
    return f"{share:.1f}".removesuffix(".0") + " %"


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
