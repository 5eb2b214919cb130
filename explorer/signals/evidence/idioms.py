"""Language features and the day they were released, and what has been dropped since; facts of general knowledge."""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple


class Idiom(NamedTuple):
    """A feature: the bytes it cannot be written without, and the pattern that it is known by in code."""

    name: str
    since: date
    anchor: bytes
    pattern: re.Pattern[bytes]


def _idiom(name: str, year: int, month: int, anchor: str, pattern: str) -> Idiom:
    return Idiom(name, date(year, month, 1), anchor.encode(), re.compile(pattern.encode(), re.M))


def _newest_first(*idioms: Idiom) -> tuple[Idiom, ...]:
    return tuple(sorted(idioms, key=lambda idiom: idiom.since, reverse=True))


_JAVASCRIPT = (
    _idiom("optional chaining", 2020, 6, "?.", r"[\w)\]]\?\.[\w\[(]"),
    _idiom("nullish coalescing", 2020, 6, "??", r"\?\?(?!=)"),
    _idiom("logical assignment", 2021, 6, "??=", r"\?\?=|\|\|=|&&="),
    _idiom("private fields", 2022, 6, "this.#", r"this\.#\w"),
    _idiom("Object.groupBy", 2024, 6, "groupBy", r"\b(?:Object|Map)\.groupBy\("),
    _idiom("Array.prototype.at", 2022, 6, ".at(", r"\.at\(-\d"),
    _idiom("toSorted", 2023, 6, ".to", r"\.to(?:Sorted|Reversed|Spliced)\("),
)

IDIOMS: Mapping[str, tuple[Idiom, ...]] = {
    "Python": _newest_first(
        _idiom("f-strings (3.6)", 2016, 12, 'f"', r"(?<!\w)[fF][rR]?[\"']"),
        _idiom("dataclasses (3.7)", 2018, 6, "dataclass", r"^\s*(?:from dataclasses import|import dataclasses)"),
        _idiom("walrus (3.8)", 2019, 10, ":= ", r"\w :=\s"),
        _idiom("positional-only (3.8)", 2019, 10, ", /", r"def \w+\([^)\n]*, /[,)]"),
        _idiom("functools.cached_property (3.8)", 2019, 10, "cached_property", r"functools\.cached_property|from functools import[^\n]*cached_property"),
        _idiom("removeprefix (3.9)", 2020, 10, ".remove", r"\.remove(?:prefix|suffix)\("),
        _idiom("generic list (3.9)", 2020, 10, "t[", r"(?:->|:) ?(?:list|dict|set|frozenset)\["),
        _idiom("zoneinfo (3.9)", 2020, 10, "zoneinfo", r"^\s*(?:from zoneinfo import|import zoneinfo)"),
        _idiom("match (3.10)", 2021, 10, "match ", r"^\s*match [^=\n]+:\s*\n\s*case "),
        _idiom("union with | (3.10)", 2021, 10, "| None", r"(?:->|:) [\w.\[\]]+ \| None"),
        _idiom("zip(strict=) (3.10)", 2021, 10, "strict=", r"\bzip\([^)]*strict="),
        _idiom("except* (3.11)", 2022, 10, "except*", r"^\s*except\*"),
        _idiom("asyncio.timeout (3.11)", 2022, 10, "asyncio.", r"\basyncio\.(?:timeout|TaskGroup)\("),
        _idiom("tomllib (3.11)", 2022, 10, "tomllib", r"^\s*(?:import tomllib|from tomllib import)"),
        _idiom("StrEnum (3.11)", 2022, 10, "StrEnum", r"\bfrom enum import[^\n]*StrEnum|enum\.StrEnum"),
        _idiom("typing.Self (3.11)", 2022, 10, "Self", r"from typing import[^\n]*\bSelf\b"),
        _idiom("type statement (3.12)", 2023, 10, "type ", r"^\s*type \w+(?:\[[^\]]*\])? = "),
        _idiom("type parameters (3.12)", 2023, 10, "](", r"^\s*(?:def|class) \w+\[[A-Z]\w*(?:[,:\]])"),
        _idiom("itertools.batched (3.12)", 2023, 10, "batched", r"itertools\.batched|from itertools import[^\n]*batched"),
        _idiom("warnings.deprecated (3.13)", 2024, 10, "deprecated", r"from warnings import[^\n]*deprecated|@warnings\.deprecated"),
        _idiom("template strings (3.14)", 2025, 10, "string.templatelib", r"string\.templatelib"),
    ),
    "JavaScript": _newest_first(*_JAVASCRIPT),
    "TypeScript": _newest_first(*_JAVASCRIPT, _idiom("satisfies", 2022, 11, "satisfies", r"[}\])\w] satisfies \w")),
    "Go": _newest_first(
        _idiom("generics (1.18)", 2022, 3, "[", r"^(?:func|type) \w+\[\w+[^\]]* (?:any|comparable|\w*\.?[A-Z]\w*|[~\w| ]+)\]"),
        _idiom("slices and maps (1.21)", 2023, 8, '"', r"^\s*\"(?:slices|maps|log/slog|cmp)\"|import \"(?:slices|maps|log/slog)\"|\bslices\.\w|\bslog\.\w"),
        _idiom("range over int (1.22)", 2024, 2, "range ", r"for (?:\w+ := )?range \d"),
    ),
    "Java": _newest_first(
        _idiom("var (10)", 2018, 3, "var ", r"^\s*(?:final )?var \w+ = "),
        _idiom("records (16)", 2021, 3, "record ", r"\brecord \w+\s*(?:<[^>]*>)?\("),
        _idiom("text blocks (15)", 2020, 9, '"""', r'"""'),
        _idiom("sealed (17)", 2021, 9, "sealed", r"\bsealed (?:interface|class|abstract)"),
        _idiom("pattern switch (21)", 2023, 9, "case ", r"case \w+ \w+ (?:when .*)?->"),
    ),
    "Rust": _newest_first(
        _idiom("async (1.39)", 2019, 11, "async ", r"\basync (?:fn|move)\b|\.await\b"),
        _idiom("let else (1.65)", 2022, 11, "else {", r"\blet [^=;{]+ = [^;{]+ else \{"),
        _idiom("async fn in traits (1.75)", 2023, 12, "async fn", r"trait \w+[^{]*\{[^}]*async fn"),
        _idiom("LazyLock (1.80)", 2024, 7, "LazyLock", r"\bLazyLock\b"),
    ),
    "C#": _newest_first(
        _idiom("records (9)", 2020, 11, "record ", r"\brecord (?:struct |class )?\w+\s*[({:]"),
        _idiom("file-scoped namespace (10)", 2021, 11, "namespace ", r"^namespace [\w.]+;"),
        _idiom("required members (11)", 2022, 11, "required ", r"\brequired [\w<>?]+ \w+"),
        _idiom("collection expressions (12)", 2023, 11, "= [", r"= \[[^\]]*\.\."),
    ),
    "PHP": _newest_first(
        _idiom("match (8.0)", 2020, 11, "match", r"\bmatch\s*\([^)]*\)\s*\{"),
        _idiom("enums (8.1)", 2021, 11, "enum ", r"^\s*enum \w+"),
        _idiom("readonly classes (8.2)", 2022, 12, "readonly class", r"\breadonly class\b"),
    ),
}

_STALE_JAVASCRIPT = (
    _idiom("componentWillMount", 2018, 3, "componentWill", r"\bcomponentWill(?:Mount|ReceiveProps|Update)\b"),
    _idiom("new Buffer", 2018, 4, "Buffer(", r"\bnew Buffer\("),
)
STALE: Mapping[str, tuple[Idiom, ...]] = {
    "Python": (
        _idiom("Python 2 print", 2020, 1, "print ", r"^\s*print [\"'\w]"),
        _idiom("Python 2 except", 2020, 1, "except ", r"^\s*except \w[\w.]*, \w+:"),
        _idiom("imp", 2023, 10, " imp", r"^\s*(?:import imp\s*$|from imp import)"),
        _idiom("distutils", 2023, 10, "distutils", r"^\s*(?:import|from) distutils"),
        _idiom("asyncio.coroutine", 2022, 10, "coroutine", r"@asyncio\.coroutine"),
        _idiom("np.float", 2022, 12, "np.", r"\bnp\.(?:float|int|bool|object)\b(?!_|\d)"),
        _idiom("DataFrame.append", 2023, 4, ".append(", r"\bdf\w*\.append\("),
        _idiom("tf.Session", 2019, 9, "tf.", r"\btf\.(?:Session|placeholder)\("),
        _idiom("sklearn.externals", 2019, 12, "sklearn.externals", r"sklearn\.externals"),
    ),
    "JavaScript": _STALE_JAVASCRIPT,
    "TypeScript": _STALE_JAVASCRIPT,
    "Go": (_idiom("ioutil", 2021, 2, "ioutil.", r"\bioutil\."),),
    "PHP": (_idiom("mysql_query", 2015, 12, "mysql_", r"\bmysql_(?:query|connect)\("),),
}
"""What was dropped, and when."""
