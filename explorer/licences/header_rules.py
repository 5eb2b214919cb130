"""The phrases by which headers name their licence, on prose in lower case.

A whole text is told by the words that no other licence has; a name that is an ordinary word counts only beside the
word licence. Names and phrases are those the licences use of themselves.
"""

import re
from functools import cache
from typing import NamedTuple

from explorer.tables import read_table

_SHORT = {
    "LICENCE": "licen[sc]e",
    "VERSION": r"\W{0,2}(?:version|ver\.?|v\.?)?\W{0,2}",
    "UNDER": r"(?:(?:is|under|by|of|the|terms|as|a|an)\W{1,2})*",
}


class HeaderRule(NamedTuple):
    """A phrase and what it says."""

    expression: str
    sign: str
    """A string that the text holds wherever the pattern matches."""
    pattern: re.Pattern[str]


@cache
def whole_texts() -> tuple[HeaderRule, ...]:
    """Returns the rules about whole texts; of several that match at one place the first counts."""
    return tuple(map(_rule, read_table("explorer.licences", "header_rules.toml")["whole"]))


@cache
def names() -> tuple[HeaderRule, ...]:
    """Returns the rules about names of licences."""
    return tuple(map(_rule, read_table("explorer.licences", "header_rules.toml")["name"]))


def _rule(table: dict[str, str]) -> HeaderRule:
    pattern = table["pattern"]
    for short, spelled in _SHORT.items():
        pattern = pattern.replace(short, spelled)
    return HeaderRule(table["expression"], table["sign"], re.compile(pattern))


CREATIVE_COMMONS = re.compile(
    r"creative ?commons (?:by[ -]|attribution)(?P<words>[a-z -]*?)"
    r"(?:international|unported|generic|public|licen[sc]e|[\s,v(]|version)*(?P<version>[1-4]\.[05])"
    r"|creativecommons\.org/licenses/by(?P<letters>(?:-(?:nc|nd|sa))*)/(?P<number>[1-4]\.[05])"
    r"|\bcc[ -]by(?P<short>(?:-(?:nc|nd|sa))*)[ -](?P<last>[1-4]\.[05])"
)

PUBLIC_DOMAIN = re.compile(
    r"\b(?:placed|put|released|donated|dedicated|contributed|is|are|hereby|file) "
    r"(?:(?:in|into|to|as) )?(?:the )?public domain\b"
)

CONFIDENTIAL = re.compile(
    r"\b(?:proprietary and confidential|confidential and proprietary|company confidential|strictly confidential)\b"
    r"|\bunauthori[sz]ed copying of this (?:file|software|code)\b"
    r"|\b(?:is|contains|this) (?:the )?proprietary (?:software|information|code|source)\b"
    r"|\b(?:trade secrets? (?:and|or) confidential|confidential information of)\b"
)

ALL_RESERVED = re.compile(r"\ball rights (?:are )?reserved\b")
"""Grants nothing where it stands alone; many put it before a licence, too."""
