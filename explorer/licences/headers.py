"""The licence that the first lines of a file name: an SPDX tag, else the phrases that licences are known by."""

import re
from functools import lru_cache
from typing import NamedTuple

import pyarrow as pa

from explorer.kernels.buffers import buffers
from explorer.licences.expressions import names_licences, read_licence
from explorer.licences.gnu import gnu_mentions
from explorer.licences.head_kernel import HEAD_BYTES, HEAD_LINES, find_windows
from explorer.licences.header_rules import (
    ALL_RESERVED,
    CONFIDENTIAL,
    CREATIVE_COMMONS,
    PUBLIC_DOMAIN,
    names,
    whole_texts,
)
from explorer.licences.mentions import Mention, combine, outermost
from explorer.licences.prose import Prose, quoted, read_prose

PROPRIETARY = "LicenseRef-scancode-proprietary-license"
ALL_RIGHTS_RESERVED = "LicenseRef-all-rights-reserved"
"""Of no class that is known: the header grants nothing, but what is granted for the whole repository may hold."""
_PUBLIC_DOMAIN = "LicenseRef-scancode-public-domain"
_COMMONS_CLAUSE = "LicenseRef-scancode-commons-clause"
_TRI_LICENCE = "MPL-1.1 OR GPL-2.0-or-later OR LGPL-2.1-or-later"

_NAME = r"\(*[a-z0-9][\w.+:-]*(?:/\w[\w.+:-]*)*\)*"
_SPDX = re.compile(
    rf"SPDX-License-Identifier[ \t]*:[ \t]*({_NAME}(?:[ \t]+(?:OR|AND|WITH)[ \t]+{_NAME})*)", re.IGNORECASE
)
_SPREAD = re.compile(r"SPDX[ \t]+-[ \t]+License[ \t]+-[ \t]+Identifier[ \t]*:[^\n]*", re.IGNORECASE)
"""A tag that a formatter of code took for a subtraction."""
_SPREAD_HYPHEN = re.compile(r"[ \t]+-[ \t]+")
_FIELD = re.compile(
    r"(?<![a-z0-9])licen[sc]e(?:[ _-]?(?:id|name|identifier))?[_\"']*"
    r"\s?[:=]{1,2}\s?[\"'(\[]*(?P<name>[a-z0-9][\w.+() -]{1,50})"
)
_POINTS_ELSEWHERE = re.compile(r"licen[sc]e|copying|permission")


class Header(NamedTuple):
    """What a header says of the licence."""

    expression: str
    evidence: str
    """The rule that spoke, the line and the words, such as `phrase, line 2: "mit license"`."""


def read_headers(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Returns `header_license` and `header_evidence` (string) of each `content`, null where its head names none."""
    text, offsets = buffers(batch.column("content"))
    windows = find_windows(text, offsets)
    found: list[Header | None] = [None] * batch.num_rows
    for row in windows.lines.nonzero()[0].tolist():
        found[row] = _read_window(text[windows.starts[row] : windows.ends[row]].tobytes(), int(windows.lines[row]))
    columns = ([one and one.expression for one in found], [one and one.evidence for one in found])
    return pa.RecordBatch.from_arrays(
        [pa.array(column, pa.string()) for column in columns], names=["header_license", "header_evidence"]
    )


def read_header(text: str) -> Header | None:
    """Reads the header of one text; only its first 40 lines and 8 kB count."""
    head = "\n".join(text[:HEAD_BYTES].split("\n", HEAD_LINES)[:HEAD_LINES])
    return _read_window(head.encode("utf-8", "replace"), 1)


def forget_headers() -> None:
    """Forgets the headers that were read before, so that a measurement starts anew."""
    _read_window.cache_clear()


@lru_cache(4096)
def _read_window(window: bytes, first_line: int) -> Header | None:
    """Reads a part of a head; those of one project are often the same."""
    text = window.decode("utf-8", "replace")
    return _read_tags(text, first_line) or _read_phrases(read_prose(text, first_line))


def _read_tags(text: str, first_line: int) -> Header | None:
    """Reads the SPDX tags: each holds, so that several are joined by AND."""
    text = _SPREAD.sub(lambda tag: _SPREAD_HYPHEN.sub("-", tag[0]), text)
    tags = list(_SPDX.finditer(text))
    if not tags:
        return None
    spelled = [read_licence(tag[1].rstrip("-:.")) for tag in tags]
    expressions = list(dict.fromkeys(licence.expression for licence in spelled))
    joined = " AND ".join(f"({one})" if " OR " in one and expressions[1:] else one for one in expressions)
    line = first_line + text.count("\n", 0, tags[0].start())
    return Header(joined, f"SPDX tag, line {line}: {quoted(tags[0][1])}")


def _read_phrases(prose: Prose) -> Header | None:
    mentions = outermost([*_whole_texts(prose.text), *_names(prose.text)])
    mentions = _known_together(prose.text, mentions) or mentions or _fields(prose.text) or _reserved(prose)
    if not mentions:
        return None
    first = mentions[0]
    words = quoted(prose.text[first.start : first.end])
    return Header(_joined(mentions, prose.text), f"phrase, line {prose.line_at(first.start)}: {words}")


def _whole_texts(text: str) -> list[Mention]:
    """Finds whole licence texts; of the rules that match at one place the first counts."""
    found: dict[int, Mention] = {}
    for rule in whole_texts():
        match = rule.pattern.search(text) if rule.sign in text else None
        if match:
            found.setdefault(match.start(), Mention(rule.expression, match.start(), match.end()))
    return list(found.values())


def _names(text: str) -> list[Mention]:
    found = gnu_mentions(text)
    for rule in names():
        if rule.sign in text:
            found += [Mention(rule.expression, *match.span()) for match in rule.pattern.finditer(text)]
    found += map(_creative_commons, CREATIVE_COMMONS.finditer(text) if "commons" in text or "cc" in text else ())
    if not found and (dedication := PUBLIC_DOMAIN.search(text)):
        found.append(Mention(_PUBLIC_DOMAIN, *dedication.span()))
    return found


def _creative_commons(match: re.Match[str]) -> Mention:
    words = match["words"] or ""
    letters = match["letters"] or match["short"] or ""
    parts = [
        part
        for part, sign in (
            ("NC", r"non-? ?commercial|-nc|\bnc\b"),
            ("ND", r"no-? ?deriv|-nd|\bnd\b"),
            ("SA", r"share-? ?alike|-sa|\bsa\b"),
        )
        if re.search(sign, words + letters)
    ]
    version = match["version"] or match["number"] or match["last"]
    return Mention("-".join(["CC-BY", *parts, version]), *match.span())


def _known_together(text: str, mentions: list[Mention]) -> list[Mention]:
    """Returns the one expression of a header that is known as a whole, else nothing."""
    if "mpl 1.1/gpl 2.0/lgpl 2.1" not in text or not mentions:
        return []
    return [Mention(_TRI_LICENCE, mentions[0].start, mentions[0].end)]


def _fields(text: str) -> list[Mention]:
    """Reads a field such as `license = "GPL-2.0+"`; its value counts only if every word of it is a licence's name."""
    for field in _FIELD.finditer(text):
        name = field["name"].split(" - ")[0].strip(" .")
        if names_licences(name):
            return [Mention(read_licence(name).expression, *field.span())]
    return []


def _reserved(prose: Prose) -> list[Mention]:
    """Finds words that keep a file secret, else those that keep all rights beside a copyright and name no licence."""
    if secret := CONFIDENTIAL.search(prose.text):
        return [Mention(PROPRIETARY, *secret.span())]
    kept = None if _POINTS_ELSEWHERE.search(prose.text) else ALL_RESERVED.search(prose.text)
    return [Mention(ALL_RIGHTS_RESERVED, *kept.span())] if kept and _has_copyright(prose.text, kept) else []


def _has_copyright(text: str, match: re.Match[str]) -> bool:
    near = text[max(0, match.start() - 160) : match.end() + 160]
    return any(sign in near for sign in ("copyright", "(c)", "©", "&copy;"))


def _joined(mentions: list[Mention], text: str) -> str:
    """Combines mentions; the Commons Clause restricts whatever stands beside it."""
    others = [one for one in mentions if one.expression != _COMMONS_CLAUSE]
    if len(others) == len(mentions):
        return combine(text, mentions)
    restricted = f"({combine(text, others)}) AND {_COMMONS_CLAUSE}" if others else _COMMONS_CLAUSE
    return read_licence(restricted).expression
