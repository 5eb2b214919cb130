"""Why a sample stands where it does, as lines of a window: points lost and gained, gates, licences, findings, tier."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from textwrap import wrap

from explorer.api.messages.reasons import (
    ClosedGate,
    Explanation,
    Findings,
    LicenceReasons,
    Part,
    QualityReasons,
    TierReasons,
)
from widgets.numbers import bar
from widgets.text_pane import Piece

Line = tuple[Piece, ...]

QUIET, TITLE, BAD, GOOD, WARN = "$foreground 60%", "bold $text-primary", "$text-error", "$text-success", "$text-warning"
BAR = 12
WIDTH = 88
_DIMENSIONS = {
    "hygiene": "hygiene",
    "documentation": "documentation",
    "error_handling": "error handling",
    "structure": "structure",
    "provenance": "review, origin",
    "low_risk": "low risk",
}


def reason_lines(document: Explanation) -> tuple[Line, ...]:
    """Lays out everything that `explain` answers."""
    parts = (
        _quality(document.quality),
        _gates(document.gates),
        _licensing(document.licensing),
        _findings(document.findings),
        _suggestion(document.tier),
    )
    return tuple(line for part in parts for line in (*part, ()))


def _quality(quality: QualityReasons) -> Iterator[Line]:
    if quality.score is None:
        yield (("Quality is unknown: nothing that it is made of was measured.", QUIET),)
        return
    percentile = "" if quality.percentile is None else f"percentile {quality.percentile:.0f} of its language · "
    known = f"{100 * quality.coverage:.0f}% of the weight known"
    yield ((f"Quality {quality.score:.0f} of 100", TITLE), (f"   {percentile}{known}", QUIET))
    for name, title in _DIMENSIONS.items():
        worth = quality.dimensions.get(name)
        shown = (f"{100 * worth:3.0f}", "") if worth is not None else ("  –", QUIET)
        yield (f"  {title:<16}", ""), shown, (f"  {bar(worth or 0.0, BAR)}", "$primary")
    if quality.capped:
        yield ((f"  −{quality.capped.points:.1f}  cut off by the gate {quality.capped.gate}", BAD),)
    yield ()
    yield (("  lost", BAD), ("      value   below it", QUIET))
    yield from _points(quality.lost, "−", BAD)
    yield (("  gained", GOOD),)
    yield from _points(quality.gained, "+", GOOD)


def _points(parts: Sequence[Part], sign: str, style: str) -> Iterator[Line]:
    for part in parts:
        below = "   –" if part.percentile is None else f"{part.percentile:3.0f}%"
        yield (
            (f"  {sign}{part.points:4.1f}", style),
            (f"  {shown_number(part.value):>8}  {below}  ", ""),
            (part.signal.replace("_", " "), "bold"),
        )
        for line in wrap(part.reason, WIDTH - 26):
            yield ((" " * 24 + line, QUIET),)


def shown_number(value: float) -> str:
    """Writes a raw value as short as it is still told apart."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.3g}"


def _gates(gates: Sequence[ClosedGate]) -> Iterator[Line]:
    if not gates:
        yield (("No gate holds it back.", QUIET),)
        return
    yield (("Gates", TITLE), ("   a mix leaves it out unless the gate is opened or your verdict is keep", QUIET))
    for gate in gates:
        yield (f"  {gate.code:<20}", f"bold {WARN}"), (gate.reason, "")


def _licensing(licensing: LicenceReasons) -> Iterator[Line]:
    title = f"{licensing.expression or 'none stated'} — {licensing.license_class}"
    yield ("Licence", TITLE), (f"   {title}", "")
    for piece in licensing.evidence:
        yield (
            (f"  {piece.kind:<13}", QUIET),
            (f"{piece.expression or 'none':<34}", ""),
            (f"{piece.license_class:<17}", QUIET),
            (piece.words, QUIET),
        )
    if licensing.header:
        yield (("  found by      ", QUIET), (licensing.header, ""))
    if licensing.conflict:
        yield (("  These cannot all be true.", WARN),)
    if licensing.attribution_required:
        yield (("  Its authors must be named with every copy.", WARN),)


_FINDINGS = (
    ("secrets", "secrets", BAD),
    ("personal", "personal data", WARN),
    ("flags", "worth a look", WARN),
    ("soft_rules", "rules that fire", QUIET),
    ("stale_markers", "dropped since", QUIET),
)


def _findings(findings: Findings) -> Iterator[Line]:
    if not any(asdict(findings).values()):
        yield (("Nothing was found: no secret, no personal data, no weak or stale code.", QUIET),)
        return
    yield (("Found", TITLE),)
    for name, title, style in _FINDINGS:
        if listed := getattr(findings, name):
            first, *rest = wrap(", ".join(listed), WIDTH - 20)
            yield (f"  {title:<16}", QUIET), (first, style)
            yield from (((" " * 18 + line, style),) for line in rest)
    for weakness in findings.weaknesses:
        style = {"high": BAD, "medium": WARN}.get(weakness.severity, QUIET)
        yield ("  weak code       ", QUIET), (f"line {weakness.line:,}: {weakness.rule}", style)


def _suggestion(tier: TierReasons) -> Iterator[Line]:
    if tier.suggested is None:
        return
    yield (
        ("Suggested tier ", TITLE),
        (f"{tier.suggested}", f"bold {TITLE}"),
        (f"   {tier.confidence} confidence, by rules · a accepts it", QUIET),
    )
    for reason in tier.reasons:
        yield ((f"  {reason}", ""),)
