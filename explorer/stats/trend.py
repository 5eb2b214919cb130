"""How the exports of a workspace moved: their human tokens, and their diversity beside the baseline."""

import errno
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from explorer.corpus.marker import make_folder
from explorer.corpus.workspace import Workspace, sync_file, write_whole
from explorer.diversity.levels import ALARM, kept_level
from explorer.diversity.trend import RUN, moves
from explorer.own_files import Damaged, open_unfollowed, parse_json, read_bytes, read_json
from explorer.shapes import Each
from explorer.stats.page import Chart, Curve, Row, Section
from explorer.stats.titles import TITLES
from widgets.numbers import count, percent

LIST = "diversity.jsonl"
"""One line for each figure of each export, in the directory of the receipts."""
MOST_BYTES = 64 << 20
MOST_RECEIPT = 256 << 20
SHOWN = ("types", "hapaxes", "entropy", "tail_cover", "effective_samples", "compression")


@dataclass(frozen=True)
class Point:
    """One figure of one export."""

    receipt: str
    """The seal of the receipt, its first 12 digits."""
    created: str
    stage: str
    language: str
    metric: str
    value: float
    low: float
    high: float
    level: str
    baseline: str
    """Digest of the baseline."""


def record(workspace: Workspace, points: Iterable[Point]) -> None:
    """Adds the figures of an export, durably; raises OSError where the workspace takes none."""
    make_folder(workspace.exports)
    lines = "".join(json.dumps(asdict(point)) + "\n" for point in points)
    path = workspace.exports / LIST
    if not os.path.lexists(path):
        write_whole(path, lines.encode())
        return
    if not recorded(workspace):
        raise FileExistsError(errno.EEXIST, "a file that is not ours has its name", str(path))
    descriptor = open_unfollowed(path, os.O_WRONLY | os.O_APPEND)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(lines)
    sync_file(path)


def recorded(workspace: Workspace) -> list[Point]:
    """Returns all figures in the order in which they were recorded; a line that is damaged is passed over."""
    path = workspace.exports / LIST
    found: list[Point] = []
    try:
        lines = read_bytes(path, most=MOST_BYTES).decode("utf-8", "replace").splitlines()
    except (FileNotFoundError, Damaged):
        return []
    for line in lines:
        try:
            point = parse_json(line, _POINT)
            found.append(Point(**{name: point[name] for name in _POINT}))
        except Damaged:
            continue
    return found


_POINT = {
    **dict.fromkeys(("receipt", "created", "stage", "language", "metric", "level", "baseline"), str),
    **dict.fromkeys(("value", "low", "high"), float),
}


def trend_sections(workspace: Workspace) -> list[Section]:
    """Returns a section for each stage, language and baseline that several exports were measured by."""
    groups: dict[tuple[str, str, str], list[Point]] = {}
    for point in recorded(workspace):
        groups.setdefault((point.stage, point.language, point.baseline), []).append(point)
    return [_section(key, points) for key, points in groups.items() if len({each.receipt for each in points}) > 1]


def _section(key: tuple[str, str, str], points: Sequence[Point]) -> Section:
    stage, language, baseline = key
    by_metric = {name: [each for each in points if each.metric == name] for name in SHOWN}
    rows = [
        Row(
            (
                TITLES[name],
                " → ".join(f"{each.value:.2f}" for each in found[-6:]),
                f"worse {RUN} times in a row" if moves(name, [each.value for each in found]) else "",
            ),
            None,
            "amber" if moves(name, [each.value for each in found]) else "",
        )
        for name, found in by_metric.items()
        if found
    ]
    curves = tuple(
        Curve(
            TITLES[name],
            tuple((float(place), each.value) for place, each in enumerate(by_metric[name], 1)),
            tuple(each.low for each in by_metric[name]),
            tuple(each.high for each in by_metric[name]),
        )
        for name in ALARM
        if by_metric[name]
    )
    most = max((len(curve.points) for curve in curves), default=1)
    title = f"From export to export: {stage}, {language}"
    chart = Chart("curves", f"times that of baseline {baseline}", curves=curves, limits=(1.0, float(most)))
    return Section(title, ("beside human", "exports, the latest last", ""), tuple(rows), chart if most > 2 else None)


def kept_section(workspace: Workspace) -> Section | None:
    """Returns how many human tokens the latest export of each stage kept of the one before; None without two."""
    rows: list[Row] = []
    for stage, receipts in _receipts(workspace).items():
        if len(receipts) < 2:
            continue
        before, now = (receipt["origins"] for receipt in receipts[-2:])
        human, was = _tokens(now, "human"), _tokens(before, "human")
        level = kept_level(human, was, synthetic_grew=_made(now) > _made(before))
        share = percent(human / was) if was else "–"
        rows.append(Row((stage, count(was), count(human), share, level), None, level))
    if not rows:
        return None
    words = ("Fewer human tokens and more synthetic ones is replacement: studies of collapse warn of it.",)
    heads = ("exports of", "the one before", "the latest", "kept", "level")
    return Section("Human tokens kept", heads, tuple(rows), None, words)


def _receipts(workspace: Workspace) -> dict[str, list[Mapping[str, Any]]]:
    """Receipts that tell their tokens by origin, by stage, the oldest first."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for path in sorted(workspace.exports.glob("*.json")):
        receipt = _read(path)
        if receipt is not None:
            found.setdefault(str(receipt["stage"]), []).append(receipt)
    for receipts in found.values():
        receipts.sort(key=lambda receipt: str(receipt.get("created")))
    return found


def _read(path: Path) -> Mapping[str, Any] | None:
    try:
        return read_json(path, {"origins": Each(int), "stage": str}, most=MOST_RECEIPT)
    except (FileNotFoundError, Damaged):
        return None


def _tokens(origins: Mapping[str, Any], *names: str) -> int:
    return sum(int(origins.get(name, 0)) for name in names)


def _made(origins: Mapping[str, Any]) -> int:
    return _tokens(origins, "synthetic", "mixed")
