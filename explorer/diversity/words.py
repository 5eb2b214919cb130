"""What words mean to the measures of style and shape, whatever the language."""

from functools import cache

import numpy as np
import numpy.typing as npt

from explorer.signals.lexing import word_hash

FUNCTION, CLASS, OWN, INHERITS, FUNCTIONAL, IMPORTS, LAMBDA, FROZEN, CONTROL = range(1, 10)
"""Roles of words; CONTROL and what follows are control flow, each canonical word a role of its own."""

_ROLES = {
    FUNCTION: "def function func fn fun sub",
    CLASS: "class struct interface trait impl enum record protocol object",
    OWN: "self this",
    INHERITS: "extends implements",
    FUNCTIONAL: "map filter reduce fold foldl foldr flatMap flat_map forEach for_each zip partial compose fmap collect",
    IMPORTS: "import from include require use using package namespace",
    LAMBDA: "lambda",
    FROZEN: "const val final readonly frozen frozenset tuple namedtuple NamedTuple",
}
_CONTROL = (
    ("if", "unless"),
    ("elif", "elsif", "elseif"),
    ("else",),
    ("for", "foreach"),
    ("while", "until", "loop", "do"),
    ("switch", "match", "select", "when"),
    ("case",),
    ("try", "begin"),
    ("except", "catch", "rescue"),
    ("finally", "ensure", "defer"),
    ("with",),
    ("return",),
    ("raise", "throw", "panic"),
    ("yield",),
    ("await",),
)
"""Words of control flow, those of one meaning together."""
LOOPS = (CONTROL + 3, CONTROL + 4)
MATCH = CONTROL + 5

KEYWORDS = (
    "abstract and as assert async auto await bool boolean break byte case catch char class const constexpr "
    "continue crate def defer del delete do double dyn elif else elsif elseif enum except export extends extern "
    "false False final finally float fn for foreach from func function global go goto if impl implements import "
    "in include inline instanceof int interface internal is lambda let long match mod mut namespace new nil None "
    "nonlocal not null or override package pass private protected pub public raise readonly rescue return self "
    "short signed sizeof static struct super switch this throw throws trait true True try type typedef typename "
    "typeof union unless unsafe unsigned until use using val var virtual void volatile when where while with "
    "yield"
)
"""Words of the languages themselves, which are nobody's names; one list for all, since what is a keyword in one is
rarely a good name in another."""

_BITS = 10


@cache
def word_table() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
    """Returns an open table from the lexer's word hashes (uint32, 0 is free) to roles (uint8)."""
    hashes, roles = np.zeros(1 << _BITS, np.uint32), np.zeros(1 << _BITS, np.uint8)
    for role, listed in _ROLES.items():
        for word in listed.split():
            _put(hashes, roles, word, role)
    for number, meant in enumerate(_CONTROL):
        for word in meant:
            _put(hashes, roles, word, CONTROL + number)
    return hashes, roles


@cache
def keyword_table() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
    """Returns a table like that of roles that says 1 of each keyword."""
    hashes, marks = np.zeros(1 << _BITS, np.uint32), np.zeros(1 << _BITS, np.uint8)
    for word in KEYWORDS.split():
        _put(hashes, marks, word, 1)
    return hashes, marks


def _put(hashes: npt.NDArray[np.uint32], values: npt.NDArray[np.uint8], word: str, value: int) -> None:
    wanted = word_hash(word)
    place = wanted & (len(hashes) - 1)
    while hashes[place] not in (0, wanted):
        place = (place + 1) & (len(hashes) - 1)
    hashes[place], values[place] = wanted, value
