"""Which licence a licence file holds."""

import re

from explorer.signals.evidence.phrases import TEXT_PHRASES, fold_phrase, folded

LARGEST = 200_000
LEAST_SIMILARITY = 0.85
_NAME = re.compile(r"(^|/)(un)?licen[cs]e([-_.][\w.+-]*)?$|(^|/)copying([-_.][\w.+-]*)?$|(^|/)[\w.+-]+[-_.]licen[cs]e(\.(txt|md|rst))?$", re.I)
_NOT_TEXT = re.compile(r"\.(py|pyi|js|ts|go|java|c|h|cc|cpp|rs|rb|php|json|ya?ml|toml|sh|html|css|cs|kt|swift|scala)$", re.I)
_FOLDED = [(phrase.expression, [fold_phrase(words) for words in phrase.words]) for phrase in TEXT_PHRASES]


def is_licence_file(path: str) -> bool:
    """Tells by its name whether a file is a licence: LICENSE, LICENCE.txt, COPYING, UNLICENSE, but no code."""
    return bool(_NAME.search(path.replace("\\", "/"))) and not _NOT_TEXT.search(path)


def read_licence_file(text: bytes) -> tuple[str, float] | None:
    """Names the licence of a licence file, and which share of that licence's own sentences it holds.

    Of several licences, as where those of bundled parts follow, the one that begins first. None where no licence has
    85% of its sentences there, or where the file is longer than 200 kB.
    """
    if len(text) > LARGEST:
        return None
    whole = folded(text)
    found = [
        (whole.find(words[0]), place, share)
        for place, (_, words) in enumerate(_FOLDED)
        if (share := sum(part in whole for part in words) / len(words)) >= LEAST_SIMILARITY
    ]
    if not found:
        return None
    _, place, share = min(found)
    return _FOLDED[place][0], share
