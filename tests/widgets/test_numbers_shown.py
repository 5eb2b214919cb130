import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets import numbers

FACTORS = {"k": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


@given(st.integers(-(10**14), 10**14))
def test_a_short_number_says_the_number_to_three_digits(number: int) -> None:
    text = numbers.short(number)
    factor = FACTORS.get(text[-1], 1)
    value = float(text.rstrip("kMBT")) * factor
    assert math.isclose(value, number, rel_tol=0.0051, abs_tol=0.5)
    digits = text.lstrip("-").rstrip("kMBT").replace(".", "")
    assert len(digits) == (3 if abs(number) >= 100 else len(str(abs(number))))


@given(st.floats(-1, 2), st.integers(0, 60))
def test_a_bar_is_as_wide_as_asked_and_as_full_as_the_share(share: float, width: int) -> None:
    bar = numbers.bar(share, width)
    assert len(bar) == width
    eighths = sum(8 if part == "█" else " ▏▎▍▌▋▊▉".index(part) for part in bar)
    if width and 0 < share < 1:
        assert abs(eighths - share * width * 8) <= 1
        assert eighths > 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (numbers.count(12345), "12,345"),
        (numbers.tokens(45_100_000, exact=False), "~45.1M"),
        (numbers.tokens(999), "999"),
        (numbers.tokens(999_960), "1.00M"),
        (numbers.size(1_234_000), "1.23 MB"),
        (numbers.size(12), "12 B"),
        (numbers.counted(1, "sample"), "1 sample"),
        (numbers.counted(12_345, "copy", "copies"), "12,345 copies"),
        (numbers.percent(0.1234), "12.3%"),
        (numbers.percent(0.00001), "<0.1%"),
        (numbers.percent(0), "0.0%"),
    ],
)
def test_spelling(text: str, expected: str) -> None:
    assert text == expected
