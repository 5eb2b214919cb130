"""What a licence expression allows, in six classes; a name that cannot be read is unknown, never permissive."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

from explorer.tables import read_table

CLASSES = ("public domain", "permissive", "weak copyleft", "copyleft", "source available", "unknown")
"""From the freest to the unknown."""

_CATEGORY_CLASS = {
    "Permissive": "permissive",
    "Public Domain": "public domain",
    "CLA": "permissive",
    "Copyleft Limited": "weak copyleft",
    "Copyleft": "copyleft",
    "Source-available": "source available",
    "Proprietary Free": "source available",
    "Commercial": "source available",
    "Free Restricted": "source available",
}
_FILLER = re.compile(
    r"\b(?:the|licen[sc]e|version)\b|[\s,_()\"'-]+|(?<![a-z])v\.?(?=\d)|(?<=gpl)v(?=\d)|(?<=mpl)v(?=\d)"
)
_ALL, _ANY = re.compile(r";"), re.compile(r"/")


class Licence(NamedTuple):
    """A licence expression as it is spelled in SPDX, with its class."""

    expression: str
    license_class: str


_LATER = re.compile(r"^(?P<name>[AL]?GPL|GFDL)-(?P<number>\d\.\d)(?:-only|-or-later|\+)?$")
_GNU_VERSIONS = {
    "GPL": ("1.0", "2.0", "3.0"),
    "LGPL": ("2.0", "2.1", "3.0"),
    "AGPL": ("1.0", "3.0"),
    "GFDL": ("1.1", "1.2", "1.3"),
}
_OPERATORS = frozenset({"and", "or", "with"})
_WORD = re.compile(r"[^\s()]+")


@lru_cache(1 << 14)
def read_licence(text: str) -> Licence:
    """Reads a corpus's licence text; one that is no SPDX expression keeps its text and is of class `unknown`."""
    from license_expression import ExpressionError

    try:
        parsed = _licensing().parse(_as_expression(text), validate=True)
    except (ExpressionError, ValueError, AttributeError, TypeError, RecursionError):
        return Licence(text, "unknown")
    return Licence(str(parsed), _class_of(parsed)) if parsed is not None else Licence(text, "unknown")


def _as_expression(text: str) -> str:
    """Returns a text's SPDX expression: of an alias, of a list whose every part is known, else the text itself.

    Cargo's `/` gives a choice; `;` gives none, since package indexes list with it all that holds.
    """
    if _key(text) in _aliases():
        return _aliases()[_key(text)]
    for separator, operator in ((_ALL, "AND"), (_ANY, "OR")):
        parts = [part.strip() for part in separator.split(text)]
        if len(parts) > 1 and all(_is_known(part) for part in parts):
            return f" {operator} ".join(f"({_as_expression(part)})" for part in parts)
    return text


def _is_known(part: str) -> bool:
    return names_licences(part) or all(map(names_licences, part.split("/")))


@cache
def _aliases() -> dict[str, str]:
    table = read_table("explorer.licences", "aliases.toml")["aliases"]
    return {_key(alias): expression for expression, aliases in table.items() for alias in aliases}


def _key(text: str) -> str:
    """Returns what counts in a licence's name, such as `apache2.0` of `Apache License, Version 2.0`."""
    return _FILLER.sub("", text.lower())


@lru_cache(1 << 14)
def alternatives(expression: str) -> frozenset[str]:
    """Returns what an expression lets one choose between: its branches of OR, each in one spelling.

    Exceptions are left out, and a GNU licence stands for its text: without `-only`, and with every later version it
    allows, since neither a licence file nor most metadata tell whether a later one is allowed.
    """
    from license_expression import ExpressionError

    try:
        parsed = _licensing().parse(expression, validate=True)
    except (ExpressionError, ValueError, AttributeError, TypeError, RecursionError):
        return frozenset({expression})
    return frozenset(_branches(parsed.simplify())) if parsed is not None else frozenset()


def _branches(node: Any) -> Iterator[str]:
    if getattr(node, "operator", "").strip() == "OR":
        for argument in node.args:
            yield from _branches(argument)
    else:
        yield from _versions(str(getattr(node, "license_symbol", node)))


def _versions(name: str) -> tuple[str, ...]:
    gnu = _LATER.match(name)
    if gnu is None:
        return (name,)
    later = [number for number in _GNU_VERSIONS[gnu["name"]] if number >= gnu["number"]]
    allowed = later if name.endswith(("-or-later", "+")) else later[:1]
    return tuple(f"{gnu['name']}-{number}" for number in allowed)


def names_licences(text: str) -> bool:
    """Tells whether a text is an alias, or holds only names of licences and exceptions beside AND, OR, WITH."""
    if _key(text) in _aliases():
        return True
    words = [word.lower() for word in _WORD.findall(text)]
    return bool(set(words) - _OPERATORS) and all(word in _OPERATORS or word in _known_names() for word in words)


@cache
def _known_names() -> frozenset[str]:
    """The names of SPDX in lower case; `+` may follow."""
    names = {name.lower() for name in _categories()}
    return frozenset(names | {f"{name}+" for name in names})


@cache
def _licensing() -> Any:
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()


@cache
def _categories() -> dict[str, str]:
    from license_expression import get_license_index

    return {
        key: entry.get("category") or ""
        for entry in get_license_index()
        for key in (entry.get("spdx_license_key"), *entry.get("other_spdx_license_keys", ()))
        if key
    }


def _class_of(node: Any) -> str:
    """The class of a parsed expression: the best branch of OR, the worst of AND, the licence's own for WITH."""
    from license_expression import LicenseWithExceptionSymbol

    if isinstance(node, LicenseWithExceptionSymbol):
        return _class_of(node.license_symbol)
    branches = [CLASSES.index(_class_of(argument)) for argument in getattr(node, "args", ())]
    if branches:
        return CLASSES[min(branches) if node.operator.strip() == "OR" else max(branches)]
    return _CATEGORY_CLASS.get(_categories().get(str(node), ""), "unknown")
