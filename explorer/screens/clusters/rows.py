"""How clusters and their members stand in the tables of the clusters screen."""

from collections.abc import Callable, Mapping, Sequence

from explorer.api.messages.clusters import Cluster, ClusterRow, MemberRow
from explorer.screens.browse.rows import ORIGIN_SIGNS, TIER_STYLES, Line, verdict_cell
from widgets import numbers
from widgets.paged_table import Cell, Column, Row
from widgets.text_pane import Piece

SORTS: Mapping[str, str] = {
    "removable": "the most tokens that a mix leaves out",
    "size": "the most members",
    "similarity": "the member least like its survivor",
    "cross-tier": "over several tiers",
    "cross-origin": "human beside synthetic code",
    "cross-repo": "over several repositories",
}
"""The orders of the clusters."""

_QUIET = "$foreground 60%"


def cluster_columns(width: int) -> tuple[Column, ...]:
    """Chooses the columns of the list that a table of some cells has room for."""
    columns = [
        Column("size", "size", 5, "right"),
        Column("removable", "removable", 9, "right"),
        Column("similarity", "least", 5, "right"),
        Column("tiers", "tiers", 7),
        Column("path", "survivor", 14, "tail", flexible=True),
    ]
    if width >= 56:
        columns.insert(4, Column("origins", "O", 4))
    if width >= 66:
        columns.insert(5, Column("repos", "repos", 5, "right"))
    if width >= 96:
        columns.insert(0, Column("cluster", "cluster", 7, "right"))
    return tuple(columns)


def cluster_row(cluster: ClusterRow, columns: Sequence[Column]) -> Row:
    """Lays a cluster into the cells of some columns."""
    return Row(cluster.cluster, tuple(_CLUSTER_CELLS[column.key](cluster) for column in columns))


def _removable(cluster: ClusterRow) -> Cell:
    tokens = cluster.tokens_removable
    return numbers.tokens(tokens, cluster.tokens_exact) if tokens else ("–", _QUIET)


def _least(cluster: ClusterRow) -> Cell:
    similarity = cluster.min_similarity
    style = "$text-warning" if cluster.chain_only else ""
    return ("–", _QUIET) if similarity is None else (alike(similarity), style)


def _tiers(cluster: ClusterRow) -> Cell:
    tiers = cluster.tiers
    text = " ".join("–" if tier is None else str(tier) for tier in tiers)
    return (text, TIER_STYLES.get(tiers[0] or 0, _QUIET) if len(tiers) == 1 else "bold")


def _origins(cluster: ClusterRow) -> Cell:
    signs = "".join(ORIGIN_SIGNS.get(origin, "·") for origin in cluster.origins)
    return (signs, "$text-warning bold" if {"human", "synthetic"} <= set(cluster.origins) else _QUIET)


_CLUSTER_CELLS: Mapping[str, Callable[[ClusterRow], Cell]] = {
    "cluster": lambda cluster: (str(cluster.cluster), _QUIET),
    "size": lambda cluster: numbers.count(cluster.size),
    "removable": _removable,
    "similarity": _least,
    "tiers": _tiers,
    "origins": _origins,
    "repos": lambda cluster: (numbers.count(cluster.repos), _QUIET if cluster.repos < 2 else ""),
    "path": lambda cluster: _name(cluster.repo, cluster.path, cluster.survivor),
}


def alike(similarity: float) -> str:
    """Writes a similarity in three digits: .873; only what is equal shows as 1."""
    return "1" if similarity == 1 else f"{min(similarity, 0.999):.3f}".removeprefix("0")


def member_columns(width: int) -> tuple[Column, ...]:
    """Chooses the columns of the members."""
    columns = [
        Column("role", "", 1),
        Column("similarity", "alike", 5, "right"),
        Column("link", "", 5),
        Column("tier", "T", 2),
        Column("origin", "O", 1),
        Column("verdict", "", 1),
        Column("tokens", "tokens", 8, "right"),
        Column("path", "path", 14, "tail", flexible=True),
    ]
    if width >= 84:
        columns.insert(-1, Column("license", "licence", 12))
    return tuple(columns)


def line_of(member: MemberRow, position: int, size: int) -> Line:
    """Reads a member as a line that labels are given to."""
    names = [name for name in Line._fields if name not in ("position", "cluster_size")]
    return Line(position=position, cluster_size=size, **{name: getattr(member, name) for name in names})


def told_apart(members: Sequence[MemberRow]) -> dict[int, str]:
    """Names each member, by its row, without the folders that all of them share: what is left tells them apart."""
    paths = {member.row: _name(member.repo, member.path, member.id).split("/") for member in members}
    before = _shared(list(paths.values()))
    behind = _shared([path[before:][::-1] for path in paths.values()])
    cut = behind if behind > 1 else 0
    return {
        row: "/".join([*(["…"] if before else []), *path[before : len(path) - cut], *(["…"] if cut else [])])
        for row, path in paths.items()
    }


def _shared(paths: Sequence[Sequence[str]]) -> int:
    """How many leading parts all paths have in common, without the last part of the shortest."""
    shared = 0
    for parts in zip(*paths, strict=False):
        if len(set(parts)) > 1:
            break
        shared += 1
    return min(shared, min(map(len, paths), default=1) - 1)


def _name(repo: str | None, path: str | None, sample: str) -> str:
    return "/".join(filter(None, (repo, path))) or sample


def member_row(member: MemberRow, columns: Sequence[Column], base: int | None, name: str) -> Row:
    """Lays a member into the cells of some columns; `base` is the row that the others are compared with."""
    cells = tuple(name if column.key == "path" else _MEMBER_CELLS[column.key](member) for column in columns)
    style = "$foreground 55%" if member.redundant or member.verdict == "drop" else ""
    return Row(member.row, cells, mark=member.row == base, style=style)


def _role(member: MemberRow) -> Cell:
    if member.survivor:
        return ("★" if member.chosen else "●", "$text-success bold")
    return ("·", _QUIET) if member.redundant else ("○", "$text-warning")


def _link(member: MemberRow) -> Cell:
    return "" if member.direct else ("chain", "$text-warning")


def _tier(member: MemberRow) -> Cell:
    mark = "•" if member.labelled else " "
    tier = member.tier
    return (f"–{mark}", _QUIET) if tier is None else (f"{tier}{mark}", f"{TIER_STYLES[tier]} bold")


_MEMBER_CELLS: Mapping[str, Callable[[MemberRow], Cell]] = {
    "role": _role,
    "similarity": lambda member: "–" if member.similarity is None else alike(member.similarity),
    "link": _link,
    "tier": _tier,
    "origin": lambda member: (ORIGIN_SIGNS.get(member.origin, "·"), _QUIET),
    "verdict": lambda member: verdict_cell(member.verdict, member.note),
    "tokens": lambda member: ("" if member.tokens_exact else "~") + numbers.count(member.tokens),
    "license": lambda member: (member.license or "–", _QUIET),
}


def about(cluster: Cluster) -> tuple[tuple[Piece, ...], ...]:
    """Says what a cluster is and why its survivor was chosen."""
    members = cluster.members
    contents = len({member.node for member in members})
    chains = sum(not member.direct for member in members)
    kept = sum(not member.redundant for member in members)
    facts = [
        numbers.counted(len(members), "member"),
        numbers.counted(contents, "content"),
        f"{numbers.count(kept)} in a mix",
        *([f"{numbers.count(chains)} by a chain only"] if chains else []),
    ]
    quiet = "$foreground 65%"
    return (
        ((f" cluster {cluster.cluster} ", "bold"), (" · ".join(facts), quiet)),
        ((" ● survives: ", "$text-success"), (cluster.reason, "")),
    )
