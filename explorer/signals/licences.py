"""What a licence expression allows, in six classes; a name that cannot be read is unknown, never permissive."""

from functools import cache
from typing import Any, NamedTuple

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
_ALIASES = {
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "mit license": "MIT",
    "new bsd": "BSD-3-Clause",
    "mpl 2.0": "MPL-2.0",
    "psf": "PSF-2.0",
}


class Licence(NamedTuple):
    """A licence expression as it is spelled in SPDX, with its class."""

    expression: str
    license_class: str


@cache
def read_licence(text: str) -> Licence:
    """Reads a corpus's licence text; one that is no SPDX expression keeps its text and is of class `unknown`."""
    from license_expression import ExpressionError

    try:
        parsed = _licensing().parse(_ALIASES.get(text.strip().lower(), text), validate=True)
    except (ExpressionError, ValueError, AttributeError, TypeError, RecursionError):
        return Licence(text, "unknown")
    return Licence(str(parsed), _class_of(parsed)) if parsed is not None else Licence(text, "unknown")


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
