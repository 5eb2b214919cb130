"""Explains why a sample is in an export, or why it is not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from explorer.corpus.workspace import Place, Workspace
from explorer.errors import BadInput, ExplorerError
from explorer.exporting.receipt import read_receipt
from explorer.exporting.verify import find_row
from explorer.reader.lanes import Job
from explorer.reader.session import Session
from explorer.reader.values import plain


def why(directory: Path, sample: str, job: Job, open_corpus: Callable[[Place], Session]) -> dict[str, Any]:
    """Returns `id`, `included`, `reasons` in sentences and, where it is included, `source`, `copies` and the row.

    A sample that is not in the export is looked up in its corpus, which `open_corpus` opens with today's labels.
    """
    manifest = read_receipt(directory)
    row = find_row(directory, manifest, sample)
    if row is not None:
        return _included(manifest, row)
    reasons = _reasons_against(manifest, sample, job, open_corpus)
    return {"id": sample, "included": False, "reasons": list(reasons), "source": None, "copies": 0}


def _included(manifest: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    tier = manifest["tiers"][str(row["tier"] or "none")]
    plan = manifest["plan"]["tiers"].get(str(row["tier"] or "none"), {})
    share = plan.get("weight", 0.0)
    reasons = [
        f"It is of tier {row['tier'] or 'none'}, which has {share:g} % of the {manifest['stage']} stage's tokens.",
        f"The tier gave {tier['tokens']:,} tokens from {tier['samples']:,} samples; this one has {row['tokens']:,}.",
    ]
    if tier["copies_all"]:
        reasons.append(f"Every sample of the tier is drawn at least {tier['copies_all']} times at this budget.")
    else:
        reasons.append(
            f"Its permanent random number in the family {manifest['family']!r} stands before the tier's cut, "
            "or it was taken to close the last gap."
        )
    return {
        "id": row["id"],
        "included": True,
        "reasons": reasons,
        "source": {"file": row["source_file"], "row_group": row["source_row_group"], "row": row["source_row"]},
        "copies": row["copies"],
        "row": {name: plain(value) for name, value in row.items()},
    }


def _reasons_against(
    manifest: dict[str, Any], sample: str, job: Job, open_corpus: Callable[[Place], Session]
) -> tuple[str, ...]:
    corpus = manifest["corpus"]
    place = Place(Path(corpus["base"]), corpus["pattern"], Workspace(Path(corpus["workspace"])))
    try:
        session = open_corpus(place)
    except ExplorerError:
        return (f"It is not among the rows, and the corpus {place.base} cannot be opened to say why.",)
    try:
        found = session.sample(job, session.row_of(job, sample))
    except BadInput:
        return (f"The corpus {place.base} has no sample with this id.",)
    finally:
        session.close()
    return _judge(manifest, found)


def _judge(manifest: dict[str, Any], found: dict[str, Any]) -> tuple[str, ...]:
    """Says which rule kept a sample out, as far as the corpus still tells; labels may have changed since."""
    tier = found["tier"]
    weight = manifest["plan"]["tiers"].get(str(tier or "none"), {}).get("weight", 0.0)
    checks = (
        (not found["valid_utf8"], "Its bytes are not UTF-8, so it cannot be written as text unaltered."),
        (not found["tokens"], "It is empty."),
        (found["verdict"] == "drop", "A curator's verdict on it is drop."),
        (tier is None and not manifest["rules"]["include_untiered"], "It has no tier yet."),
        (tier is not None and not weight, f"Tier {tier} has no weight in the {manifest['stage']} stage."),
        (
            found["cluster_size"] > 1,
            f"It is one of {found['cluster_size']} exact duplicates, of which a mix draws only one.",
        ),
    )
    reasons = tuple(reason for applies, reason in checks if applies)
    return reasons or (
        f"Its permanent random number in the family {manifest['family']!r} stands behind the cut of its tier "
        "(or a repository's cap), so a larger budget or weight would draw it.",
    )
