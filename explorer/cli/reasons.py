"""The reasons that a sample's standing has, laid out for people."""

from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]


def number(value: float) -> str:
    """Writes a raw value as short as it is still told apart."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.3g}"


def reason_lines(document: Document) -> Iterator[str]:
    """Yields quality, losses, gains, gates, licence evidence, findings and suggestion, one line each."""
    yield from _quality(document["quality"])
    for gate in document["gates"]:
        yield f"gate      {gate['code']}: {gate['reason']}"
    yield from _licensing(document["licensing"])
    yield from _findings(document["findings"])
    yield from _suggestion(document["tier"])


def _quality(quality: Document) -> Iterator[str]:
    if quality["score"] is None:
        yield "quality   unknown: nothing that it is made of was measured"
        return
    percentile = "" if quality["percentile"] is None else f"percentile {quality['percentile']:.0f} of its language, "
    yield f"quality   {quality['score']:.0f} of 100, {percentile}{100 * quality['coverage']:.0f}% of the weight known"
    for part in quality["lost"]:
        yield f"  −{part['points']:4.1f}   {part['signal']} {number(part['value'])}: {part['reason']}"
    for part in quality["gained"]:
        yield f"  +{part['points']:4.1f}   {part['signal']} {number(part['value'])}: {part['reason']}"
    if quality["capped"]:
        yield f"  −{quality['capped']['points']:4.1f}   cut off by the gate {quality['capped']['gate']}"


def _licensing(licensing: Document) -> Iterator[str]:
    for piece in licensing["evidence"]:
        yield f"licence   {piece['kind']}: {piece['expression'] or 'none'} ({piece['license_class']}), {piece['words']}"
    if licensing["conflict"]:
        yield "licence   these do not agree"


def _findings(findings: Document) -> Iterator[str]:
    for name in ("secrets", "personal", "flags", "soft_rules", "stale_markers"):
        if findings[name]:
            yield f"{_TITLES[name]:<9} {', '.join(findings[name])}"
    for weakness in findings["weaknesses"]:
        yield f"weakness  line {weakness['line']}, {weakness['severity']}: {weakness['rule']}"


_TITLES = {
    "secrets": "secrets",
    "personal": "personal",
    "flags": "flags",
    "soft_rules": "rules",
    "stale_markers": "stale",
}


def _suggestion(tier: Document) -> Iterator[str]:
    if tier["suggested"] is not None:
        yield f"suggested tier {tier['suggested']}, {tier['confidence']} confidence"
        for reason in tier["reasons"]:
            yield f"  {reason}"
