"""`corpus stats`: how quality is spread over groups, and how far it agrees with the curators' tiers."""

from typing import Any

import click

from explorer.cli.options import json_option, path_argument
from explorer.cli.output import aligned, emit, emit_json
from widgets.numbers import count, percent, tokens


@click.command("stats", short_help="Quality by tier, origin or language, and its agreement with your tiers.")
@path_argument
@click.argument("filter_text", metavar="[FILTER]", default="")
@click.option("--by", type=click.Choice(("tier", "origin", "language")), default="tier", show_default=True)
@json_option
def stats_command(path: str, workspace: str | None, filter_text: str, by: str, as_json: bool) -> None:
    """Show how quality is spread over the samples of PATH that pass FILTER, and how it agrees with your own tiers."""
    from explorer.cli.opening import job, opened
    from explorer.reader.session import ViewWish
    from explorer.reader.spreading import agreement_of, groups_of

    with opened(path, workspace) as corpus:
        groups = groups_of(corpus.session, job(), ViewWish(filter_text), by)
        agreement = agreement_of(corpus.session, job())
    document = {"groups": [_document(row, by) for row in groups], "agreement": agreement}
    emit_json(document) if as_json else emit(told(groups, agreement, by))


def _document(row: dict[str, Any], by: str) -> dict[str, Any]:
    low, middle, high = row["quartiles"] or (None, None, None)
    return {
        "group": {by: row["value"]},
        "samples": row["samples"],
        "tokens": row["tokens"],
        "metrics": {
            "quality": {"value": middle, "low": low, "high": high, "known": row["known"]},
            "quality_coverage": {"value": row["coverage"]},
        },
    }


def told(groups: list[dict[str, Any]], agreement: dict[str, Any], by: str) -> str:
    """Lays the figures out for people."""
    rows = [(by, "samples", "tokens", "median quality", "middle half", "weight known"), *(_row(row) for row in groups)]
    lines = [
        aligned(rows, right=(1, 2, 3, 4, 5)),
        "",
        f"Agreement with your tiers ({count(agreement['labels'])} labels)",
    ]
    names = (("rho", "all languages"), ("auc", "1 above 4"), ("rho_beyond_comments", "beyond comments"))
    lines += [f"  {title:<16} {_estimate(agreement[name])}" for name, title in names]
    lines += [f"  {one['language'] or 'none':<16} {_estimate(one['rho'])}" for one in agreement["languages"]]
    return "\n".join([*lines, f"Suggested tiers are by rules; the learned layer is off: {agreement['learned']}."])


def _row(row: dict[str, Any]) -> tuple[str, ...]:
    low, middle, high = row["quartiles"] or (None, None, None)
    return (
        "none" if row["value"] is None else str(row["value"]),
        count(row["samples"]),
        tokens(row["tokens"], exact=False),
        "–" if middle is None else f"{middle:.1f}",
        "–" if low is None or high is None else f"{low:.0f} – {high:.0f}",
        "–" if row["coverage"] is None else percent(row["coverage"], 0),
    )


def _estimate(estimate: dict[str, Any]) -> str:
    if estimate["value"] is None:
        return str(estimate["missing"])
    low, high = estimate["low"], estimate["high"]
    return f"{estimate['value']:.2f}" + ("" if low is None else f" [{low:.2f}, {high:.2f}]")
