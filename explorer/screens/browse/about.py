"""The lines under the code that tell what is known of a sample."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from explorer.api.messages.browse import Source
from explorer.columns import PUBLIC_NAMES
from explorer.labels.decisions import SampleLabel
from widgets import numbers
from widgets.columns import fit_tail
from widgets.text_pane import Piece
from widgets.visible import fit, visible_line

Pair = tuple[str, str]


NAME_WIDTH = 10
"""Cells of the names; further lines of a value stand under its first."""
LEAST_VALUE = 20
BAR = 10


Lines = tuple[tuple[Piece, ...], ...]


def about(sample: Mapping[str, Any], source: Source, label: SampleLabel | None, width: int) -> Lines:
    """Lays out what is known of a sample in lines of some cells, `name  value` each."""
    pairs = [
        *_identity(sample),
        *_label(sample, label),
        *_judgement(sample),
        *_measures(sample),
        *_provenance(sample, source),
        *_own(sample),
    ]
    room = max(width - NAME_WIDTH, LEAST_VALUE)
    return tuple(line for name, value in pairs for line in _lines(name, value, room))


def headline(sample: Mapping[str, Any]) -> str:
    """Names a sample in one line."""
    where = "/".join(filter(None, (sample.get("repo"), sample.get("path"))))
    return where or str(sample.get("id", ""))


def _lines(name: str, value: str, width: int) -> Iterator[tuple[Piece, ...]]:
    shown = visible_line(value)
    lines = (wrap(shown, width) or [""]) if name != "sample" else [fit_tail(shown, width)]
    for number, line in enumerate(lines):
        title = fit(visible_line(name), NAME_WIDTH - 1).ljust(NAME_WIDTH) if number == 0 else " " * NAME_WIDTH
        yield (title, "$foreground 60%"), (line, "")


def _identity(sample: Mapping[str, Any]) -> list[Pair]:
    return [("sample", headline(sample)), ("id", str(sample["id"]))]


def _label(sample: Mapping[str, Any], label: SampleLabel | None) -> list[Pair]:
    tier = "not yet tiered" if sample["tier"] is None else f"{sample['tier']} ({_source(sample)})"
    pairs = [("tier", tier), ("origin", _joined(sample["origin"], sample["origin_evidence"]))]
    if sample["verdict"] or sample["note"]:
        pairs.append(("verdict", _joined(sample["verdict"] or "none", sample["note"])))
    if label is not None:
        conflict = " · curators disagree" if label.conflict else ""
        pairs.append(("labelled", f"by {label.who}, {label.changed[:16].replace('T', ' ')} UTC{conflict}"))
    return pairs


def _judgement(sample: Mapping[str, Any]) -> Iterator[Pair]:
    """Says in short what quality, gates and rules make of it; `e` says why."""
    if sample["quality"] is not None:
        percentile = "" if sample["quality_pct"] is None else f" · percentile {sample['quality_pct']:.0f}"
        bar = numbers.bar(sample["quality"] / 100, BAR)
        yield "quality", f"{sample['quality']:.0f} {bar}{percentile} · e explains"
    if sample["gates"]:
        yield (
            "gates",
            " ".join(code.removeprefix("G_").lower().replace("_", " ") + "," for code in sample["gates"])[:-1],
        )
    if sample["suggested_tier"] is not None and sample["tier"] is None:
        yield "suggested", f"tier {sample['suggested_tier']} · a accepts it"
    weak = [numbers.counted(len(sample["weaknesses"]), "weak place")] if sample["weaknesses"] else []
    found = [*(sample["secrets"] or ()), *(sample["personal"] or ()), *(sample["flags"] or ()), *weak]
    if found:
        yield "found", " · ".join(found)


def _source(sample: Mapping[str, Any]) -> str:
    return {"label": "your label", "given": "given by the corpus", "suggested": "suggested, accepted by you"}.get(
        sample["tier_source"], str(sample["tier_source"])
    )


def _joined(value: object, remark: object) -> str:
    return f"{value} — {remark}" if remark else f"{value}"


def _measures(sample: Mapping[str, Any]) -> list[Pair]:
    tokens = numbers.count(sample["tokens"])
    mark = "" if sample["tokens_exact"] else "~"
    sizes = f"{mark}{tokens} tokens · {numbers.counted(sample['lines'], 'line')} · {numbers.size(sample['bytes'])}"
    pairs = [("size", sizes + ("" if sample["valid_utf8"] else " · not UTF-8"))]
    return [*pairs, ("cluster", _cluster(sample))] if sample["cluster_size"] > 1 else pairs


def _cluster(sample: Mapping[str, Any]) -> str:
    """Says how a sample stands among its near-duplicates."""
    size = numbers.counted(sample["cluster_size"], "sample")
    if sample["survivor"]:
        role = "this is the survivor"
    elif sample["similarity"] is None:
        role = "not compared with the survivor yet"
    else:
        role = f"{sample['similarity']:.3f} like the survivor" + ("" if sample["direct"] else ", by a chain only")
    fate = "a mix leaves it out" if sample["redundant"] else "a mix may draw it"
    return f"{sample['cluster']}, of {size} · {role} · {fate} · c shows it"


def _provenance(sample: Mapping[str, Any], source: Source) -> list[Pair]:
    licence = _joined(sample["license"] or "none stated", sample["license_class"])
    place = f"{source.file} · row group {source.row_group} · row {numbers.count(source.row)}"
    pairs = [("licence", licence), ("source", place)]
    return [*pairs, ("created", str(sample["created"]))] if sample["created"] else pairs


def _own(sample: Mapping[str, Any]) -> Sequence[Pair]:
    return [(name, str(value)) for name, value in sample.items() if name not in PUBLIC_NAMES and value is not None]
