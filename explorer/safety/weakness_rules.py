"""Reads the table of security weaknesses, `weaknesses.toml`: in which language, how grave, and its CWE number."""

import re
from functools import cache
from typing import Any, NamedTuple

from explorer.tables import read_table

WEIGHTS = {"high": 3.0, "medium": 1.0, "low": 0.3}
"""What one finding of a severity adds to the weakness density."""

FAMILIES = {
    "python": ("Python", "Cython", "Jupyter Notebook"),
    "script": ("JavaScript", "TypeScript", "JSX", "TSX", "Vue", "Svelte"),
    "c": ("C", "C++", "Objective-C", "Objective-C++", "CUDA"),
    "jvm": ("Java", "Kotlin", "Scala", "Groovy"),
    "php": ("PHP",),
    "go": ("Go",),
    "ruby": ("Ruby",),
    "csharp": ("C#",),
    "rust": ("Rust",),
    "shell": ("Shell",),
}
"""Languages that share rules."""

_FAMILY_OF = {language: family for family, languages in FAMILIES.items() for language in languages}
_PART = re.compile("@([a-z_]+)@")


class WeaknessRule(NamedTuple):
    """One thing that is often a weakness."""

    name: str
    severity: str
    """`high`, `medium` or `low`."""
    cwe: int
    family: str
    anchors: tuple[bytes, ...]
    pattern: re.Pattern[bytes]
    """Matches at an anchor."""
    near: re.Pattern[bytes] | None
    """What the same line must hold, too."""

    @property
    def words(self) -> str:
        """The rule as a reader sees it."""
        return f"{self.name} (CWE-{self.cwe})"


def family_of(language: str | None) -> str | None:
    """Returns the family whose rules a language is judged by; None where there are none."""
    return _FAMILY_OF.get(language or "")


@cache
def weakness_rules() -> tuple[WeaknessRule, ...]:
    """Returns the rules of all families, in the order of the table."""
    table = read_table("explorer.safety", "weaknesses.toml")
    parts: dict[str, str] = table["parts"]
    return tuple(_rule(family, entry, parts) for family in FAMILIES for entry in table[family])


def _rule(family: str, entry: dict[str, Any], parts: dict[str, str]) -> WeaknessRule:
    return WeaknessRule(
        name=entry["name"],
        severity=entry["severity"],
        cwe=entry["cwe"],
        family=family,
        anchors=tuple(anchor.encode() for anchor in entry["anchors"]),
        pattern=_compiled(entry["pattern"], parts),
        near=_compiled(entry["near"], parts) if "near" in entry else None,
    )


def _compiled(pattern: str, parts: dict[str, str]) -> re.Pattern[bytes]:
    return re.compile(_PART.sub(lambda part: parts[part[1]], pattern).encode())
