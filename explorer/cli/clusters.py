"""`corpus clusters`, `cluster`, `similar`: near-duplicates without a screen."""

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import click

from explorer.cli.options import json_option, path_argument, raw_option
from explorer.cli.output import aligned, bar, emit, emit_json, say
from explorer.errors import BadInput, Refused
from queries.rows import SORTS, MemberRow
from widgets.numbers import count, counted, percent, tokens

if TYPE_CHECKING:
    from explorer.cli.opening import Opened
    from explorer.fingerprints.policy import Policy
    from explorer.mixing.losses import BlastRadius, Loss

SHOWN_SLICES = 20


@click.command("clusters", short_help="Clusters of near-duplicates; what another policy would leave out.")
@path_argument
@click.argument("filter_text", metavar="[FILTER]", default="")
@click.option("--sort", type=click.Choice(SORTS), default="removable", show_default=True)
@click.option("--min-size", type=click.IntRange(min=2), metavar="N", default=2, show_default=True)
@click.option("--cross-tier", is_flag=True, help="Only clusters over several tiers.")
@click.option("--cross-origin", is_flag=True, help="Only clusters of human beside synthetic code.")
@click.option("--cross-repo", is_flag=True, help="Only clusters over several repositories.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    default=50,
    show_default=True,
    help="Clusters at most; 0 is all.",
)
@click.option("--threshold", type=float, metavar="SIMILARITY", help="Propose another similarity.")
@click.option("--survivors", metavar="CRITERIA", help="Propose another order, as tier,newest,longest.")
@click.option("--chains", type=click.Choice(("keep", "drop")), help="Propose what becomes of members of a chain.")
@click.option("--alarm", type=click.FloatRange(0, 100), metavar="PERCENT", help="Loss of a slice that needs a yes.")
@click.option("--apply", "applies", is_flag=True, help="Write what is proposed into mix.toml.")
@click.option("--accept-loss", is_flag=True, help="Apply it although a slice loses more than the alarm allows.")
@raw_option
@json_option
def clusters_command(
    path: str,
    workspace: str | None,
    filter_text: str,
    sort: str,
    min_size: int,
    limit: int,
    applies: bool,
    accept_loss: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """List the clusters of PATH that have a member passing FILTER.

    With another --threshold, --survivors or --chains it tells what these would leave out of every slice of the corpus,
    biggest first; --apply then keeps them in mix.toml.
    """
    from explorer.cli.opening import opened

    crossing = {name: bool(options.pop(name)) for name in ("cross_tier", "cross_origin", "cross_repo")}
    wishes = {name: value for name, value in options.items() if value is not None}
    with opened(path, workspace) as corpus:
        if wishes and filter_text:
            raise BadInput("A policy holds for the whole corpus.", "Leave FILTER out to weigh another one.")
        if wishes:
            _propose(corpus, wishes, applies, accept_loss, as_json)
            return
        if applies or accept_loss:
            raise BadInput("Nothing is proposed.", "Name --threshold, --survivors or --chains.")
        document = listed(corpus, filter_text, {"sort": sort, "min_size": min_size, **crossing}, limit or None)
    emit_json(document) if as_json else _tell_list(document)


def listed(corpus: "Opened", filter_text: str, wish: dict[str, Any], limit: int | None) -> dict[str, Any]:
    """Returns the document of `corpus clusters --json`."""
    from explorer.cli.opening import job
    from explorer.selection import Selection
    from queries.clusters import ClusterWish

    clusters, asks = corpus.session.clusters, job()
    clusters.measure(asks)
    found = clusters.show_list(asks, ClusterWish(**wish), Selection(filter_text))
    rows = clusters.page(asks, found.number, 0, found.totals.clusters if limit is None else limit)
    return {
        "threshold": clusters.policy.threshold,
        "compared_at": clusters.floor,
        "survivors": list(clusters.policy.order),
        "chains": _chains(clusters.policy),
        "totals": found.totals._asdict(),
        "clusters": [row._asdict() for row in rows],
    }


def _chains(policy: "Policy") -> str:
    return "keep" if policy.keeps_chains else "drop"


def _tell_list(document: dict[str, Any]) -> None:
    head = ("cluster", "size", "tokens", "removable", "least alike", "tiers", "origins", "repos", "survivor")
    rows = [
        (
            str(row["cluster"]),
            count(row["size"]),
            tokens(row["tokens"], row["tokens_exact"]),
            tokens(row["tokens_removable"], row["tokens_exact"]),
            _alike(row["min_similarity"]) + (" chain" if row["chain_only"] else ""),
            ",".join("–" if tier is None else str(tier) for tier in row["tiers"]),
            ",".join(row["origins"]),
            count(row["repos"]),
            "/".join(filter(None, (row["repo"], row["path"]))) or row["survivor"],
        )
        for row in document["clusters"]
    ]
    emit(aligned([head, *rows], right=(0, 1, 2, 3, 7)))
    totals = document["totals"]
    emit(
        f"{count(len(rows))} of {counted(totals['clusters'], 'cluster')}: {count(totals['samples'])} samples, "
        f"{tokens(totals['tokens_removable'])} removable tokens, at a similarity of {document['threshold']:g}."
    )


def _alike(similarity: float | None) -> str:
    return "–" if similarity is None else f"{similarity:.3f}"


# ---- another policy


def _propose(corpus: "Opened", wishes: dict[str, Any], applies: bool, accept_loss: bool, as_json: bool) -> None:
    from explorer.cli.opening import job
    from explorer.mixing.losses import BlastRadius
    from explorer.mixing.mix_file import current_mix, save_mix

    workspace = corpus.session.place.workspace
    mix = current_mix(workspace)
    policy = proposed(mix.clusters, wishes)
    with bar("comparing"):
        slices = corpus.session.clusters.blast(job(), policy)
    radius = BlastRadius.of(slices, policy.alarm)
    document = {**_radius_document(radius), "proposed": _policy_document(policy), "applied": False}
    if applies and (not radius.alarms or accept_loss):
        save_mix(workspace.mix, replace(mix, clusters=policy), mix)
        document["applied"] = True
    emit_json(document) if as_json else _tell_radius(radius, policy)
    if not applies and not as_json:
        emit("Nothing was changed; --apply writes it to mix.toml.")
    if document["applied"] and not as_json:
        emit("Written to mix.toml.")
    if applies and not document["applied"]:
        raise Refused(
            f"{counted(len(radius.alarms), 'slice')} would lose more than {policy.alarm:g}% of the tokens, "
            f"as {radius.alarms[0].name}.",
            "Nothing was changed. --accept-loss applies it nevertheless, --alarm PERCENT moves the limit.",
        )


def proposed(policy: "Policy", wishes: dict[str, Any]) -> "Policy":
    """Returns a policy with what the command line wishes otherwise; raises BadInput."""
    from explorer.fingerprints.policy import CRITERIA, LOWEST_THRESHOLD, read_order

    changes: dict[str, Any] = {name: wishes[name] for name in ("threshold", "alarm") if name in wishes}
    if not LOWEST_THRESHOLD <= changes.get("threshold", 1) <= 1:
        raise BadInput(f"{changes['threshold']:g} is no similarity.", f"Name one from {LOWEST_THRESHOLD:g} to 1.")
    if "survivors" in wishes:
        changes["order"] = read_order(wishes["survivors"])
        if changes["order"] is None:
            raise BadInput(
                f"{wishes['survivors']!r} is no order of criteria.", f"Name some of {', '.join(CRITERIA)}, each once."
            )
    if "chains" in wishes:
        changes["keeps_chains"] = wishes["chains"] == "keep"
    return replace(policy, **changes)


def _policy_document(policy: "Policy") -> dict[str, Any]:
    return {
        "threshold": policy.threshold,
        "survivors": list(policy.order),
        "chains": _chains(policy),
        "alarm": policy.alarm,
    }


def _radius_document(radius: "BlastRadius") -> dict[str, Any]:
    groups = ("slices", "sums", "incomplete", "alarms")
    names = {"incomplete": "repos_incomplete"}
    return {
        "whole": _loss_document(radius.whole),
        **{names.get(group, group): [_loss_document(loss) for loss in getattr(radius, group)] for group in groups},
    }


def _loss_document(loss: "Loss") -> dict[str, Any]:
    sizes = ("samples", "tokens", "samples_lost_now", "tokens_lost_now", "samples_lost", "tokens_lost")
    return {
        "slice": dict(zip(loss.columns, loss.values, strict=True)),
        **{name: getattr(loss, name) for name in sizes},
        "share_lost": loss.share,
    }


def _tell_radius(radius: "BlastRadius", policy: "Policy") -> None:
    emit(f"At a similarity of {policy.threshold:g}, survivors by {', '.join(policy.order)}, chains {_chains(policy)}:")
    shown = [radius.whole, *radius.sums[:SHOWN_SLICES], *radius.slices[:SHOWN_SLICES]]
    head = ("slice", "samples", "tokens", "lost now", "lost then", "share", "")
    emit(aligned([head, *(_loss_cells(loss, policy) for loss in shown)], right=(1, 2, 3, 4, 5)))
    repos = counted(len(radius.incomplete), "repository is", "repositories are")
    emit(f"{repos} left incomplete.")
    for loss in radius.alarms:
        say(f"ALARM  {loss.name} loses {percent(loss.share)} of its tokens ({percent(loss.share_now)} now).")


def _loss_cells(loss: "Loss", policy: "Policy") -> tuple[str, ...]:
    return (
        loss.name,
        count(loss.samples),
        tokens(loss.tokens),
        tokens(loss.tokens_lost_now),
        tokens(loss.tokens_lost),
        percent(loss.share),
        "ALARM" if loss.raises_alarm(policy.alarm) else "",
    )


# ---- one cluster


@click.command("cluster", short_help="The members of a cluster, how like the survivor each is; judge it.")
@path_argument
@click.argument("cluster", metavar="CLUSTER", type=int)
@click.option("--survivor", metavar="ID", help="Choose the member that a mix keeps; again to take it back.")
@click.option(
    "--judge",
    type=click.Choice(("duplicates", "different", "split")),
    help="These are duplicates, chains too; these are not; they are two groups, parted at the weakest link.",
)
@raw_option
@json_option
def cluster_command(
    path: str, workspace: str | None, cluster: int, survivor: str | None, judge: str | None, as_json: bool
) -> None:
    """Show the members of CLUSTER, each with its exact similarity to the survivor; or decide about it first.

    A decision is a label of its members: `corpus undo` takes it back.
    """
    from explorer.cli.opening import job, opened

    with opened(path, workspace, only_look=not (survivor or judge)) as corpus:
        members = corpus.session.clusters.one(job(), cluster).members
        for field, values in _decisions(corpus, cluster, survivor, judge):
            saved = corpus.book.set_each(values, field)
            corpus.session.set_labels(job(), [label.fields for label in saved.changed])
        if survivor or judge:
            rows = [member.row for member in members]
            emit_json(_after(corpus, rows)) if as_json else _tell_after(corpus, rows)
            return
        document = one_document(corpus, cluster)
    emit_json(document) if as_json else _tell_cluster(document)


def _decisions(corpus: "Opened", cluster: int, survivor: str | None, judge: str | None) -> list[tuple[str, Any]]:
    """Returns what is to be written, as pairs of a field and the values of samples."""
    from explorer.cli.opening import job
    from explorer.labels.judging import Member, choosing, judging

    members = [Member.of(member) for member in corpus.session.clusters.one(job(), cluster).members]
    decided: list[tuple[str, Any]] = []
    if survivor is not None:
        decided.append(("survivor", choosing(members, survivor)))
    if judge is not None:
        parts = _parts(corpus, cluster) if judge == "split" else None
        decided.append(("cluster_verdict", judging(members, judge, parts)))
    return decided


def _parts(corpus: "Opened", cluster: int) -> list[list[str]]:
    from explorer.cli.opening import job

    parts, _ = corpus.session.clusters.parting(job(), cluster)
    if not parts:
        raise BadInput(f"All members of cluster {cluster} have the same content.", "There is no link to part it at.")
    return parts


def one_document(corpus: "Opened", cluster: int) -> dict[str, Any]:
    """Returns the document of `corpus cluster --json`."""
    from explorer.api.clusters import cluster as found_cluster
    from explorer.api.messages.clusters import ClusterRequest
    from explorer.cli.opening import job

    found = found_cluster(corpus.session, job(), ClusterRequest(cluster))
    return {
        "cluster": found.cluster,
        "survivor": found.members[0].id,
        "reason": found.reason,
        "members": [_member_fields(member) for member in found.members],
    }


def _member_fields(member: MemberRow) -> dict[str, Any]:
    return {name: value for name, value in member._asdict().items() if name != "ranks"}


def _after(corpus: "Opened", rows: list[int]) -> dict[str, Any]:
    from explorer.cli.opening import job

    samples = [corpus.session.sample(job(), row) for row in rows]
    names = ("id", "cluster", "survivor", "similarity", "direct", "redundant")
    return {"members": [{name: sample[name] for name in names} for sample in samples]}


def _tell_after(corpus: "Opened", rows: list[int]) -> None:
    members = _after(corpus, rows)["members"]
    emit(
        aligned(
            [
                ("id", "cluster", "similarity", ""),
                *((m["id"], str(m["cluster"] or "none"), _alike(m["similarity"]), _role(m)) for m in members),
            ]
        )
    )
    emit("The decision is on disk; `corpus undo` takes it back.")


def _role(member: dict[str, Any]) -> str:
    if member["survivor"]:
        return "survivor" if member["cluster"] else "on its own"
    if not member["redundant"]:
        return "kept"
    return "left out"


def _tell_cluster(document: dict[str, Any]) -> None:
    head = ("similarity", "", "", "T", "origin", "tokens", "id", "path")
    rows = [
        (
            _alike(member["similarity"]),
            "" if member["direct"] else "chain",
            _role({**member, "cluster": document["cluster"]}),
            "–" if member["tier"] is None else str(member["tier"]),
            member["origin"],
            tokens(member["tokens"], member["tokens_exact"]),
            member["id"],
            "/".join(filter(None, (member["repo"], member["path"]))),
        )
        for member in document["members"]
    ]
    emit(aligned([head, *rows], right=(5,)))
    emit(f"{document['survivor']} survives because {document['reason']}.")


# ---- more like this


@click.command("similar", short_help="The samples most like one, with their exact similarity.")
@path_argument
@click.argument("sample", metavar="ID")
@click.option("--limit", type=click.IntRange(min=1, max=200), metavar="N", default=20, show_default=True)
@raw_option
@json_option
def similar_command(path: str, workspace: str | None, sample: str, limit: int, as_json: bool) -> None:
    """List the samples most like the one called ID, below the threshold too, the likest first."""
    from explorer.api.clusters import similar
    from explorer.api.messages.clusters import SimilarRequest
    from explorer.cli.opening import job, opened

    with opened(path, workspace) as corpus, bar("comparing") as shown:

        def report(progress: dict[str, Any]) -> None:
            if "rows_done" in progress:
                shown.show("comparing", progress["rows_done"], progress["rows"], f"{count(progress['rows'])} samples")

        asks = job(report)
        row = corpus.session.row_of(asks, sample)
        found = similar(corpus.session, asks, SimilarRequest(row, limit)).similar
    if as_json:
        emit_json({"id": sample, "similar": [asdict(one) for one in found]})
        return
    head = ("similarity", "copies", "T", "origin", "tokens", "id", "path")
    rows = [
        (
            _alike(one.similarity),
            count(one.copies),
            "–" if one.tier is None else str(one.tier),
            one.origin,
            count(one.tokens),
            one.id,
            "/".join(filter(None, (one.repo, one.path))),
        )
        for one in found
    ]
    emit(aligned([head, *rows], right=(1, 4)))
    emit(
        f"{counted(len(rows), 'content')} like {sample}."
        if rows
        else f"Nothing shares five words in a row with {sample}."
    )
