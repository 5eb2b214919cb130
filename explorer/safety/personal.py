"""Finds personal data in a text: e-mail addresses and public IP addresses, without what only looks like them.

What is no address follows BigCode's rules for IP addresses: versions, dates, private and reserved ranges, the resolvers
that everybody names.
"""

import re
from collections.abc import Iterable
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import NamedTuple

EMAIL, AUTHOR_EMAIL, IP_ADDRESS = "e-mail", "author e-mail", "IP address"
UNCOUNTED_KINDS = (AUTHOR_EMAIL,)
"""Kinds that are told and not counted: authors sign their work."""

AT, QUAD, GROUPS = range(3)
"""What the kernel stops at: an `@` between word characters, four numbers with dots, the start of a global IPv6."""

_HEADER_BYTES = 4096
_LINES_ABOVE = 240
_LONGEST_LOCAL = 64
_NEAR = 100
_DOMAIN = re.compile(rb"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}([A-Za-z]{2,24})(?![\w(-]|\.\w)")
_LOCAL_REVERSED = re.compile(rb"[A-Za-z0-9._%+-]{0,63}[A-Za-z0-9_](?![A-Za-z0-9._%+-])")
_TOP_DOMAINS = frozenset(
    b"com org net edu gov mil int info biz name pro dev app email online site tech xyz cloud museum aero coop jobs "
    b"software systems solutions engineering science group agency studio digital world life live team tools works "
    b"zone academy company network codes design space store blog club art law health care global international "
    b"university institute foundation berlin london paris tokyo wien swiss asia cat".split()
)
_NO_COUNTRY = frozenset(b"js ts rb md hh gz xz py sh".split())
"""Two letters that end file names rather than host names."""
_NOBODY = re.compile(
    rb"(?:^|[.@])(?:example|test|invalid|localhost|domain|yourdomain|yourcompany|mycompany|email|foo|bar|acme)\."
    rb"|\.(?:example|test|invalid|local)$|users\.noreply\.|^(?:no-?reply|donotreply|do-not-reply|git|user|username"
    rb"|you|your[._-]?(?:name|email)|me|foo|bar|name|email|someone|somebody|nobody|root)@",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    rb"copyright|\(c\)|\xc2\xa9|author|maintain|contribut|licen[cs]e|written by|created by|signed-off|-by:|__email__",
)
_URL_BEFORE = re.compile(rb"://[^\s/\"'<>]{0,100}$")
_FOUR = re.compile(rb"(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![\w-]|\.[0-9])")
_SIX = re.compile(rb"[23][0-9A-Fa-f]{3}:[0-9A-Fa-f:]{2,40}(?![\w:])")
_NAMES_A_HOST = re.compile(rb"dns|server|host|addr|\bip", re.IGNORECASE)
_NAMES_A_VERSION = re.compile(
    rb"version|release|revision|build|firmware|\bver\b|update|upgrade|bump|\broll|oid", re.IGNORECASE
)
_VERSION_BEFORE = re.compile(rb"(?:[A-Za-z]/|[=<>~^!]=\s{0,3}[\"']?|[~^][\"']?|\bv)$")
_FRACTION_BEFORE = re.compile(rb"(?<![0-9.])[0-9]{0,4}(?:\.[0-9]{1,4}){1,2}[ ,-]$")
"""A decimal fraction, as it stands before another in the outlines of drawings."""
_WELL_KNOWN = frozenset(
    b"8.8.8.8 8.8.4.4 1.1.1.1 1.0.0.1 1.1.1.2 9.9.9.9 149.112.112.112 208.67.222.222 208.67.220.220 4.2.2.1 4.2.2.2 "
    b"64.6.64.6 64.6.65.6 94.140.14.14 94.140.15.15 76.76.19.19 76.223.122.150 8.26.56.26 8.20.247.20 1.2.3.4 "
    b"114.114.114.114 2001:4860:4860::8888 2001:4860:4860::8844 2606:4700:4700::1111 2606:4700:4700::1001".split()
)


class Personal(NamedTuple):
    """Personal data in a text."""

    kind: str
    start: int
    """In bytes."""
    end: int


def find_personal(text: bytes) -> tuple[Personal, ...]:
    """Returns the personal data of a text in its order, in time linear in its length."""
    from explorer.safety.personal_kernel import signs_in

    return personal_at(text, signs_in(text))


def personal_at(text: bytes, signs: Iterable[tuple[int, int]]) -> tuple[Personal, ...]:
    """Returns the personal data at some signs (place and one of AT, QUAD, GROUPS), which ascend."""
    found: list[Personal] = []
    for place, sign in signs:
        one = _FINDERS[sign](text, place)
        if one and (not found or found[-1].end <= one.start):
            found.append(one)
    return tuple(found)


def _email(text: bytes, place: int) -> Personal | None:
    """The address whose `@` stands at a place."""
    domain = _DOMAIN.match(text, place + 1)
    if domain is None or not _is_top_domain(domain[1].lower()):
        return None
    local = _LOCAL_REVERSED.match(text[max(place - _LONGEST_LOCAL - 1, 0) : place][::-1])
    if local is None or not local[0]:
        return None
    start, end = place - local.end(), domain.end()
    if _NOBODY.search(text[start:end]) or _URL_BEFORE.search(text[max(start - _NEAR, 0) : start]):
        return None
    return Personal(AUTHOR_EMAIL if _is_authors(text, start) else EMAIL, start, end)


def _is_top_domain(name: bytes) -> bool:
    return name in _TOP_DOMAINS or (len(name) == 2 and name not in _NO_COUNTRY)


def _is_authors(text: bytes, start: int) -> bool:
    """Tells whether an address signs the work: its line says so or, near the top of a file, the lines above it."""
    first = max(text.rfind(b"\n", max(start - _LINES_ABOVE, 0), start), start - _LINES_ABOVE)
    reach = _LINES_ABOVE if start < _HEADER_BYTES else 0
    return _AUTHOR.search(text[max(first - reach, 0) : start].lower()) is not None


def _four_numbers(text: bytes, place: int) -> Personal | None:
    """The public IPv4 address that begins at a place."""
    found = _FOUR.match(text, place)
    if found is None or found[0] in _WELL_KNOWN or _is_number(text, place, found.end()):
        return None
    try:
        is_public = _is_public(IPv4Address(found[0].decode("ascii")))
    except AddressValueError:
        return None
    return Personal(IP_ADDRESS, place, found.end()) if is_public else None


def _is_number(text: bytes, start: int, end: int) -> bool:
    """Tells whether four numbers with dots are a version, or part of a list of numbers."""
    before = text[max(start - _NEAR, 0) : start]
    if _VERSION_BEFORE.search(before) or _FRACTION_BEFORE.search(before):
        return True
    line = before[before.rfind(b"\n") + 1 :]
    names_host = _NAMES_A_HOST.search(text, max(start - _NEAR, 0), end + _NEAR)
    is_short = end - start == len("1.2.3.4")
    return not names_host and (is_short or _NAMES_A_VERSION.search(line) is not None)


def _six_groups(text: bytes, place: int) -> Personal | None:
    """The public IPv6 address that begins at a place."""
    found = _SIX.match(text, place)
    if found is None or found[0].lower() in _WELL_KNOWN:
        return None
    try:
        is_public = _is_public(IPv6Address(found[0].decode("ascii")))
    except AddressValueError:
        return None
    return Personal(IP_ADDRESS, place, found.end()) if is_public else None


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


_FINDERS = (_email, _four_numbers, _six_groups)
