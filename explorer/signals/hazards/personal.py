"""Personal data in a text: e-mail addresses and public network addresses."""

import ipaddress
import re
from collections.abc import Iterator
from typing import NamedTuple

MOST_FOUND = 1000

AUTHOR = "author's e-mail"
"""An address that stands beside a copyright or an author's name, meant to be read."""
EMAIL, ADDRESS = "e-mail address", "IP address"

_EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,4}[A-Za-z]{2,24}(?![\w@-])")
_NOT_PEOPLE = re.compile(
    r"(?i)@(?:[\w-]+\.)*(?:example|test|localhost|invalid|local|domain|email|company|yourdomain|foo|bar)\.?|noreply|no-reply"
    r"|^git@|^(?:user|username|name|you|your|me|foo|bar|test|admin|info|root|someone|support|security|dev|team|hello"
    r"|contact|help|mail|email|python-dev|webmaster|postmaster)@|@(?:\d+x|[\w-]+\.(?:png|jpg|gif|svg|js|py|css))"
)
_AUTHORS = re.compile(r"(?i)copyright|\(c\)|©|author|maintain|contribut|written by|signed-off|reported by|thanks")
_IPV4 = re.compile(r"(?<![\w.\-])(?:\d{1,3}\.){3}\d{1,3}(?![\w.\-])")
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}(?![\w:])")
_SERVER = re.compile(r"(?i)dns|server|host|addr|ip\b|connect|ping|listen|bind")
_VERSION = re.compile(r"(?i)version|\bv(?:er)?[ =\"':(]*$")
_NEAR = 100


class Personal(NamedTuple):
    """Personal data by its kind and where it stands, in characters."""

    kind: str
    start: int
    end: int


def find_personal(text: str) -> tuple[Personal, ...]:
    """Finds addresses of people and machines in order; those of documentation and of no person do not count."""
    return tuple(sorted((*_emails(text), *_addresses(text)), key=lambda found: found.start))


def _emails(text: str) -> Iterator[Personal]:
    if "@" not in text:
        return
    for number, match in enumerate(_EMAIL.finditer(text)):
        if number >= MOST_FOUND:
            return
        if not _NOT_PEOPLE.search(match[0]):
            yield Personal(AUTHOR if _AUTHORS.search(_line_around(text, match)) else EMAIL, match.start(), match.end())


def _line_around(text: str, match: re.Match[str]) -> str:
    start = max(text.rfind("\n", max(match.start() - 200, 0), match.start()), match.start() - 200, 0)
    return text[start : match.end() + _NEAR].partition("\n")[0] if start == 0 else text[start + 1 : match.end()]


def _addresses(text: str) -> Iterator[Personal]:
    for pattern in (_IPV4, _IPV6):
        for number, match in enumerate(pattern.finditer(text)):
            if number >= MOST_FOUND:
                break
            if _is_public(match[0]) and not _is_version(text, match):
                yield Personal(ADDRESS, match.start(), match.end())


def _is_public(value: str) -> bool:
    """Whether an address is one on the public network; RFC 1918, RFC 5737, loopback and the like are not."""
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    return address.is_global and not address.is_multicast and value not in ("8.8.8.8", "8.8.4.4", "1.1.1.1")


def _is_version(text: str, match: re.Match[str]) -> bool:
    """Whether four short numbers are a version, as BigCode's filter has it: seven characters and no server near."""
    if len(match[0]) > 7:
        return bool(_VERSION.search(text[max(match.start() - 20, 0) : match.start()]))
    near = text[max(match.start() - _NEAR, 0) : match.end() + _NEAR]
    return not _SERVER.search(near)
