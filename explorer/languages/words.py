"""What words mean to the measures of style and shape."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt

from explorer.languages.lexing import word_hash

FUNCTION, CLASS, OWN, INHERITS, FUNCTIONAL, IMPORTS, LAMBDA, FROZEN, CONTROL = range(1, 10)
"""Roles of words; CONTROL and what follows are control flow, each canonical word a role of its own."""

_ROLES = {
    FUNCTION: "def function func fn fun sub",
    CLASS: "class struct union interface trait impl enum record protocol object module",
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
CONTINUING = (CONTROL + 1, CONTROL + 2, CONTROL + 8, CONTROL + 9)
"""What continues a statement that began before."""
AWAIT = CONTROL + 14

BEGINS_LINE, BEFORE_NAME = 0x40, 0x80
"""Beside a role: the word has it only where it begins a line of code as a keyword does, or only before a name."""
_BESIDE: Mapping[str, Mapping[str, int]] = {
    "Python": {"match": BEGINS_LINE, "case": BEGINS_LINE},
    "Cython": {"match": BEGINS_LINE, "case": BEGINS_LINE},
    "Java": {"record": BEFORE_NAME},
    "C#": {"record": BEFORE_NAME},
}

_FREE = (OWN, INHERITS, FUNCTIONAL, IMPORTS, LAMBDA)
"""Roles that words have in every language; of the others each language has its own, since `loop`, `match` and `record`
are good names where they are no keywords."""
_PYTHON = (
    "def class if elif else for while match case try except finally with return raise yield await frozen frozenset "
    "tuple namedtuple NamedTuple"
)
_C = "struct union enum if else for while do switch case return const"
_JAVASCRIPT = "function class if else for while do switch case try catch finally with return throw yield await const"
_JAVA = "class interface enum record if else for while do switch case try catch finally return throw yield final"
_WORDS: Mapping[str, str] = {
    "Python": _PYTHON,
    "Cython": f"{_PYTHON} struct enum union",
    "Ruby": "def class module if unless elsif else for while until loop do case when begin rescue ensure return raise "
    "yield",
    "JavaScript": _JAVASCRIPT,
    "TypeScript": f"{_JAVASCRIPT} interface enum readonly",
    "C": _C,
    "C++": f"{_C} class try catch throw final",
    "CUDA": f"{_C} class try catch throw final",
    "Objective-C": _C,
    "Go": "func struct interface if else for switch select case defer return panic const",
    "Rust": "fn struct union trait impl enum if else for while loop match return await panic yield const",
    "Java": _JAVA,
    "C#": f"{_JAVA} struct foreach await const readonly",
    "PHP": "function fn class interface trait enum if elseif else for foreach while do switch match case try catch "
    "finally return throw yield const final readonly",
    "Kotlin": "fun class interface object enum if else for while do when try catch finally return throw val const",
    "Swift": "func class struct enum protocol if else for while switch case do catch defer return throw await",
    "Scala": "def class trait object if else for while do match case try catch finally return throw yield val final",
    "Lua": "function if elseif else for while until do return",
    "Perl": "sub if elsif else unless for foreach while until do return",
    "Shell": "function if elif else for while until do case select return",
}
_TYPES: Mapping[str, str] = {"Go": "map", "C": "map filter", "C++": "map", "CUDA": "map"}
"""Words of functional code that are types or plain names in a language."""

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
def word_table(language: str | None) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8]]:
    """Returns an open table from the lexer's word hashes (uint32, 0 is free) to the roles (uint8) of a language."""
    hashes, roles = np.zeros(1 << _BITS, np.uint32), np.zeros(1 << _BITS, np.uint8)
    own = set(_WORDS.get(language or "", " ".join(_all_words())).split())
    plain = set(_TYPES.get(language or "", "").split())
    beside = _BESIDE.get(language or "", {})
    for word, role in _all_words().items():
        if word not in plain and (role in _FREE or word in own):
            _put(hashes, roles, word, role | beside.get(word, 0))
    return hashes, roles


def _all_words() -> dict[str, int]:
    listed = {word: role for role, words in _ROLES.items() for word in words.split()}
    return listed | {word: CONTROL + number for number, meant in enumerate(_CONTROL) for word in meant}


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
