"""Numbers as people read them."""

_UNITS = ("", "k", "M", "B", "T")
_SIZES = ("B", "kB", "MB", "GB", "TB", "PB", "EB")
_EIGHTHS = " ▏▎▍▌▋▊▉"


def count(number: int) -> str:
    """Write an exact count: 12,345."""
    return f"{number:,}"


def counted(number: int, noun: str, many: str = "") -> str:
    """Write a count of things: 1 sample, 12,345 samples."""
    return f"{number:,} {noun if number == 1 else many or f'{noun}s'}"


def _scaled(number: float, units: tuple[str, ...]) -> str:
    value, place = abs(float(number)), 0
    # 999.5 would round to 1000, so the next unit starts there.
    while value >= 999.5 and place < len(units) - 1:
        value, place = value / 1000, place + 1
    sign = "-" if number < 0 else ""
    digits = 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{sign}{value:.{digits if place else 0}f}{units[place]}"


def short(number: float) -> str:
    """Write a number in three digits: 950, 12.3k, 1.77M."""
    return _scaled(number, _UNITS)


def tokens(number: float, exact: bool = True) -> str:
    """Write a count of tokens, with ~ where it is an estimate: ~45.1M."""
    return ("" if exact else "~") + short(number)


def size(byte_count: int) -> str:
    """Write a size in decimal units: 1.2 MB."""
    scaled = _scaled(byte_count, _SIZES)
    digits = len(scaled.rstrip("BkMGTPE"))
    return f"{scaled[:digits]} {scaled[digits:]}"


def percent(share: float, digits: int = 1) -> str:
    """Write a share of one in percent: 12.3%; shares too small to see are named, not shown as nothing."""
    least = 10.0**-digits
    if 0 < share * 100 < least / 2:
        return f"<{least:.{digits}f}%"
    return f"{share * 100:.{digits}f}%"


def bar(share: float, width: int) -> str:
    """Draw a share of one as a bar of exactly `width` cells, in eighths of a cell.

    A share above nothing shows at least an eighth.
    """
    share = min(1.0, max(0.0, share))
    eighths = round(share * width * 8) or (1 if share > 0 and width else 0)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(width)
