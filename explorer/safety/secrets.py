"""Finds secrets in a text: keys and tokens of known formats, private keys, assigned passwords."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from explorer.kernels.literals import SHORT_BYTES, Anchor, AnchorSearch
from explorer.safety.allowed import is_made_up, is_no_key, is_no_password
from explorer.safety.secret_rules import ASSIGNED_KEY, PRIVATE_KEY, SecretRule, compiled, secret_anchors

SECRETS_BANK = 1
"""The bit of the anchors of secrets."""

_MOST_KEY_BYTES = 1 << 16
_DASHES = re.compile(rb"-----")
_KEY_END = re.compile(rb"-----END [A-Z0-9 ]{1,60}-----")
_KEY_RUN = re.compile(rb"[A-Za-z0-9+/=]{32}")
_OPEN_KEY = re.compile(rb"(?:(?:[\s\"'+,#*]|\\[nr])*+[A-Za-z0-9+/=]{16,}+)*+")


class Secret(NamedTuple):
    """A secret in a text."""

    kind: str
    start: int
    """Where it begins; in bytes where bytes were searched, in characters where a string was."""
    end: int
    soft: bool
    """Whether it may be harmless."""


class _Match(NamedTuple):
    """What a rule found: the secret if it is one, and how far the rule has read."""

    secret: Secret | None
    end: int


RuleHit = tuple[int, SecretRule]
"""A place and the rule to try there."""


def find_secrets(text: bytes) -> tuple[Secret, ...]:
    """Returns the secrets of a text in its order, in time linear in its length; none overlaps another."""
    return secrets_at(text, _short_hits(text) if len(text) < SHORT_BYTES else _long_hits(text))


def texts_with_anchors(texts: Sequence[bytes]) -> frozenset[int]:
    """Returns the numbers of the texts that a rule is to be tried on, from one search of all of them joined."""
    joined = b"\n".join(texts)
    hits = _short_hits(joined) if len(joined) < SHORT_BYTES else _long_hits(joined)
    starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
    return frozenset(bisect_right(starts, place) - 1 for place, _ in hits)


def secrets_at(text: bytes, hits: Iterable[RuleHit]) -> tuple[Secret, ...]:
    """Returns the secrets at some hits, which ascend; of two that overlap the certain one stays, or else the first."""
    hard: list[Secret] = []
    soft: list[Secret] = []
    read = 0
    for place, rule in hits:
        match = _match(text, place, rule) if place >= read else None
        if match is None:
            continue
        if not rule.is_soft:
            read = match.end
        if match.secret:
            (soft if rule.is_soft else hard).append(match.secret)
    return _merged(hard, soft)


def _merged(hard: list[Secret], soft: list[Secret]) -> tuple[Secret, ...]:
    """Joins both in order, without the soft ones that overlap what stands already."""
    if not soft:
        return tuple(hard)
    merged: list[Secret] = []
    for secret in sorted([*hard, *soft], key=lambda one: (one.start, one.soft)):
        while merged and merged[-1].soft and not secret.soft and merged[-1].end > secret.start:
            merged.pop()
        if not merged or merged[-1].end <= secret.start:
            merged.append(secret)
    return tuple(merged)


def _match(text: bytes, place: int, rule: SecretRule) -> _Match | None:
    found = compiled(rule.pattern).match(text, place)
    if found is None:
        return None
    if rule.kind == PRIVATE_KEY:
        return _private_key(text, place, found.end())
    group = "value" if "value" in found.re.groupindex else 0
    start, end = found.span(group)
    secret = None if _is_allowed(rule, found[group]) else Secret(rule.kind, start, end, rule.is_soft)
    return _Match(secret, found.end())


def _is_allowed(rule: SecretRule, value: bytes) -> bool:
    if not rule.is_soft:
        return is_made_up(value)
    return is_no_key(value) if rule.kind == ASSIGNED_KEY else is_no_password(value)


def _private_key(text: bytes, place: int, body: int) -> _Match | None:
    """The block whose header's `BEGIN` stands at a place and ends before `body`; a header without a key is none."""
    if not text.endswith(b"-----", 0, place):
        return None
    limit = min(len(text), body + _MOST_KEY_BYTES)
    dashes = _DASHES.search(text, body, limit)
    footer = _KEY_END.match(text, dashes.start()) if dashes else None
    if dashes and footer:
        end, read = dashes.start(), footer.end()
    else:
        opened = _OPEN_KEY.match(text, body, dashes.start() if dashes else limit)
        end = read = opened.end() if opened else body
    key = text[body:end]
    is_key = _KEY_RUN.search(key) and not is_made_up(key)
    return _Match(Secret(PRIVATE_KEY, place - len("-----"), read, soft=False) if is_key else None, read)


@cache
def _searched() -> tuple[tuple[Anchor, ...], tuple[SecretRule, ...]]:
    anchors, rules = zip(*secret_anchors(SECRETS_BANK), strict=True)
    return anchors, rules


@cache
def _short_search() -> AnchorSearch:
    return AnchorSearch(_searched()[0])


def _short_hits(text: bytes) -> Iterator[RuleHit]:
    rules = _searched()[1]
    return ((hit.place, rules[hit.number]) for hit in _short_search().search(text))


def _long_hits(text: bytes) -> Iterator[RuleHit]:
    from explorer.safety.single import places_in

    rules = _searched()[1]
    return ((place, rules[number]) for place, number in places_in(text, _searched()[0]))
