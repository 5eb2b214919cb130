"""What a curator's decision about a cluster writes on the labels of its members."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from explorer.errors import BadInput
from explorer.fingerprints import verdicts
from explorer.labels.decisions import SampleRef, Value
from queries.rows import MemberRow

VERDICTS = ("duplicates", "different", "split")
"""These are duplicates, chains and all; these are not; they are two groups, parted at the weakest link."""


class Member(NamedTuple):
    """A member of a cluster as far as its label goes."""

    ref: SampleRef
    is_chosen: bool
    """Whether a curator chose it to survive."""
    cluster_verdict: str | None

    @classmethod
    def of(cls, row: MemberRow) -> "Member":
        """Returns what labels need to know of a member."""
        return cls(SampleRef(row.id, row.sha256), row.chosen, row.cluster_verdict)


def choosing(members: Iterable[Member], sample: str) -> Mapping[SampleRef, Value]:
    """Returns the `survivor` of each member that changes when one is chosen; chosen again it is taken back.

    Raises BadInput where the sample is no member.
    """
    listed = tuple(members)
    if all(member.ref.id != sample for member in listed):
        raise BadInput(f"The sample {sample!r} is not in this cluster.", "`corpus cluster PATH CLUSTER` lists members.")
    chosen = {member.ref: "yes" for member in listed if member.ref.id == sample and not member.is_chosen}
    return {member.ref: None for member in listed if member.is_chosen} | chosen


def judging(
    members: Iterable[Member], verdict: str, parts: Sequence[Sequence[str]] | None = None
) -> Mapping[SampleRef, Value]:
    """Returns the `cluster_verdict` of each member after a verdict; `split` needs the ids of its parts."""
    listed = {member.ref.id: member for member in members}
    before = {sample: member.cluster_verdict for sample, member in listed.items()}
    if verdict == "duplicates":
        after = verdicts.confirming(before)
    else:
        after = verdicts.parting(before, [[sample] for sample in listed] if verdict == "different" else parts or ())
    return {listed[sample].ref: text for sample, text in after.items()}
