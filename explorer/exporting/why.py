"""Explains why a sample is in an export, or why it is not."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from explorer.corpus.workspace import Place, Workspace, settled
from explorer.errors import BadInput, ExplorerError
from explorer.exporting.drawing import standing
from explorer.exporting.receipt import is_sealed, read_receipt
from explorer.exporting.screening import REDACT, screening
from explorer.exporting.verify import find_row
from explorer.fingerprints.policy import Policy
from explorer.job import Job
from explorer.open_corpus.session import Session
from explorer.open_corpus.values import plain
from explorer.quality.gates import GATES, OPTOUT
from queries.mixing import Drawable


def why(
    directory: Path, sample: str, job: Job, open_corpus: Callable[[Place], Session], corpus: Place | None = None
) -> dict[str, Any]:
    """Returns `id`, `included`, `reasons` in sentences and, where it is included, `source`, `copies` and the row.

    A sample that is not in the export is looked up in its corpus, which `open_corpus` opens with today's labels:
    `corpus`, or the one where the manifest says that it lay.
    """
    manifest = read_receipt(directory)
    if not is_sealed(manifest):
        raise ExplorerError(f"The receipt in {directory} was changed after it was written.", "It explains nothing.")
    written = screening(REDACT).name(sample)
    row = find_row(directory, manifest, sample) or (
        find_row(directory, manifest, written) if written != sample else None
    )
    if row is not None:
        return _included(manifest, row)
    reasons = _reasons_against(manifest, sample, job, open_corpus, corpus or _place_of(manifest["corpus"]))
    return {"id": sample, "included": False, "reasons": list(reasons), "source": None, "copies": 0}


def _included(manifest: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    tier = manifest["tiers"][str(row["tier"] or "none")]
    plan = manifest["plan"]["tiers"].get(str(row["tier"] or "none"), {})
    share = plan.get("weight", 0.0)
    reasons = [
        f"It is of tier {row['tier'] or 'none'}, which has {share:g}% of the {manifest['stage']} stage's tokens.",
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


def _place_of(corpus: dict[str, Any]) -> Place:
    return Place(Path(corpus["base"]), corpus["pattern"], Workspace(Path(corpus["workspace"])))


def _reasons_against(
    manifest: dict[str, Any], sample: str, job: Job, open_corpus: Callable[[Place], Session], place: Place
) -> tuple[str, ...]:
    try:
        session = open_corpus(settled(place))
    except ExplorerError as error:
        return (
            f"It is not among the rows, and the corpus {place.base} cannot be opened to say why: {error.title}",
            "Where the corpus lies elsewhere now, name it with --corpus PATH.",
        )
    try:
        if not _has_its_files(session, manifest["corpus"]["files"]):
            return (
                f"It is not among the rows, and the corpus {place.base} has none of the files that the mix was drawn "
                "from.",
                "Where the corpus lies elsewhere now, name it with --corpus PATH.",
            )
        return _reasons_of(session, job, manifest, sample)
    finally:
        session.close()


def _has_its_files(session: Session, files: list[dict[str, Any]]) -> bool:
    """Whether an index has a file of those that a manifest names; they are known by their footers."""
    described = session.place.workspace.describe().get("files", {})
    footers = {file["footer_sha256"] for file in described.values()}
    return not footers or not files or any(file["footer_sha256"] in footers for file in files)


def _reasons_of(session: Session, job: Job, manifest: dict[str, Any], sample: str) -> tuple[str, ...]:
    try:
        row = session.row_of(job, sample)
    except BadInput:
        return (f"The corpus {session.place.base} has no sample with this id.",)
    try:
        session.settle_clusters(job, _policy(manifest["clusters"]))
    except BadInput as error:
        barred = _barred(manifest, session.sample(job, row))
        return (*barred, f"Whether another sample stands for it cannot be told any more. {error.title}")
    found = session.sample(job, row)
    near = _near_duplicate(session, job, found)
    return (*_barred(manifest, found), *near) or (_outdrawn(manifest, found, session, job),)


def _barred(manifest: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    """Names every rule that keeps a sample out whatever is drawn, by today's labels."""
    tier = found["tier"]
    weight = manifest["plan"]["tiers"].get(str(tier or "none"), {}).get("weight", 0.0)
    if not found["valid_utf8"]:
        yield "Its bytes are not UTF-8, so it cannot be written as text unaltered."
    if not found["tokens"]:
        yield "It is empty."
    if found["verdict"] == "drop":
        yield "A curator's verdict on it is drop."
    if tier is None and not manifest["rules"]["include_untiered"]:
        yield "It has no tier yet."
    elif not weight:
        yield f"{_named(tier)} has no weight in the {manifest['stage']} stage."
    yield from _gated(manifest["gates"], found)
    if manifest["safety"]["answer"] == "drop" and _is_listed(manifest, found["id"]):
        yield "It holds a secret, and the export dropped what holds one."


def _is_listed(manifest: dict[str, Any], sample: str) -> bool:
    """Whether a sample is among those that held a secret, as its id is written."""
    listed = manifest["safety"].get("samples", ())
    return sample in listed or screening(REDACT).name(sample) in listed


def _gated(gates: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    """Names the closed gates that a sample stands behind."""
    is_kept = found["verdict"] == "keep"
    for code in found["gates"]:
        if code == OPTOUT or (code in gates["exclude"] and not is_kept):
            yield f"The gate {code} holds it back: {GATES.get(code, 'a rule of another version')}."
    percentile = found["quality_pct"]
    if percentile is not None and percentile < gates["least_quality"] and not is_kept:
        yield (
            f"Its quality is at percentile {percentile:.0f} of its language, and the mix took none below "
            f"{gates['least_quality']:g}."
        )


def _policy(clusters: dict[str, Any]) -> Policy:
    return Policy(clusters["threshold"], tuple(clusters["survivors"]), clusters["chains"] == "keep")


def _near_duplicate(session: Session, job: Job, found: dict[str, Any]) -> tuple[str, ...]:
    """Says which member of its cluster stands for a sample, where another one does."""
    if not found["redundant"]:
        return ()
    one = session.clusters.one(job, found["cluster"])
    survivor = one.members[0]
    is_copy = found["sha256"] == survivor.sha256
    alike = "an exact duplicate" if is_copy else f"a near-duplicate ({found['similarity']:.2f} alike)"
    return (f"It is {alike} of {survivor.id}, which survives because {one.reason}.",)


def _named(tier: int | None) -> str:
    return "The part without a tier" if tier is None else f"Tier {tier}"


def _outdrawn(manifest: dict[str, Any], found: dict[str, Any], session: Session, job: Job) -> str:
    """Draws again and tells what stood before the sample, as far as labels and corpus are as they were."""
    cap = manifest["repo_cap_tokens"]
    gates = manifest["gates"]
    wanted = Drawable(
        manifest["family"], manifest["rules"]["include_untiered"], gates["exclude"], gates["least_quality"]
    )
    stands = standing(session, job, found["row"], wanted, cap)
    if stands.twin is not None and stands.twin != found["id"]:
        return f"It is an exact duplicate of {stands.twin}, which is the one to draw."
    if stands.position is None:
        return f"Its repository {found['repo']} had given its {cap:,} tokens to the tier before its turn came."
    part = manifest["tiers"].get(str(found["tier"] or "none"), {"prefix": 0, "fillers": [], "copies_all": 0})
    if part["copies_all"] or stands.position < part["prefix"] or stands.position in part["fillers"]:
        return "It would be drawn today: labels, or the corpus, have changed since the export."
    return (
        f"In the family {manifest['family']!r} it stands at place {stands.position + 1:,} of the {stands.samples:,} "
        f"samples of its tier, and the draw took the first {part['prefix']:,}"
        + (f" and {len(part['fillers'])} behind them to close the last gap." if part["fillers"] else ".")
    )
