"""The fold: whatever order the journals come in, the same labels stand."""

import itertools
import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from label_model import ref

from explorer.labels import FIELDS, Change, SampleLabel
from explorer.labels.fold import Fold
from explorer.labels.reading import Event, EventChanges

TIERS = st.sampled_from((None, 1, 2, 3))
DECISIONS = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from(("anna", "bert", "carl")), st.integers(0, 3), TIERS, st.integers(1, 12)
    ),
    max_size=40,
)


def make_events(decisions: Sequence[tuple[int, str, int, int | None, int]]) -> list[EventChanges]:
    """One event a decision; a session belongs to one curator and its numbers are its own."""
    events: dict[tuple[int, str], EventChanges] = {}
    for session, who, number, tier, seq in decisions:
        name = f"{who}-{session}"
        event = Event(seq, name, seq * 100, who, f"t{seq}", "set", 1, None)
        events[seq, name] = (event, [Change(*ref(number), "tier", None, tier)])
    return list(events.values())


def fold(events: Sequence[EventChanges]) -> tuple[dict[str, SampleLabel | None], int, int]:
    state = Fold()
    for event_changes in events:
        state.apply(event_changes)
    return {sample: state.label_of(sample) for sample in sorted(state.samples())}, state.shown, state.conflicts


@given(decisions=DECISIONS, chance=st.randoms(use_true_random=False))
def test_every_order_gives_the_same_labels(decisions, chance: random.Random) -> None:
    events = make_events(decisions)
    shuffled = chance.sample(events, len(events))
    assert fold(shuffled) == fold(events) == fold(events + shuffled)


@given(decisions=DECISIONS)
def test_the_latest_wins_and_curators_who_differ_are_in_conflict(decisions) -> None:
    events = make_events(decisions)
    labels, shown, conflicts = fold(events)
    expected_shown = expected_conflicts = 0
    for sample, group in itertools.groupby(sorted(events, key=lambda each: each[1][0].id), lambda each: each[1][0].id):
        ordered = sorted(group, key=lambda each: (each[0].seq, each[0].session))
        latest = {event.who: changes[0].new for event, changes in ordered}
        label = labels.pop(sample)
        assert label is not None
        assert (label.tier, label.who) == (ordered[-1][1][0].new, ordered[-1][0].who)
        assert label.conflict == (len(set(latest.values())) > 1)
        expected_conflicts += label.conflict
        expected_shown += label.conflict or label.tier is not None
    assert (labels, shown, conflicts) == ({}, expected_shown, expected_conflicts)


def test_fields_stand_apart() -> None:
    state = Fold()
    values = (2, "human", "keep", "fine", "yes", "5d3f09ab:1", 3)
    for seq, (field, value) in enumerate(zip(FIELDS, values, strict=True), start=1):
        event = Event(seq, "s", seq, "anna", f"t{seq}", "set", 1, None)
        state.apply((event, [Change(*ref(1), field, None, value)]))
    assert state.label_of(ref(1).id) == SampleLabel(*ref(1), *values, "anna", "t7", False)
