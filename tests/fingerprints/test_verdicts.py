"""Judgements on clusters: appended, read back, and what they part."""

from hypothesis import given
from hypothesis import strategies as st

from explorer.fingerprints.verdicts import SAME, are_parted, confirming, entries, parting

ids = st.text(max_size=8)
members_of = st.dictionaries(ids, st.none(), min_size=1, max_size=6)


@st.composite
def partings(draw: st.DrawFn) -> tuple[dict[str, str | None], list[list[str]]]:
    """Members, and a way to part them."""
    members: dict[str, str | None] = dict(draw(members_of))
    numbers = [draw(st.integers(0, 2)) for _ in members]
    parts = [[m for m, number in zip(members, numbers, strict=True) if number == part] for part in range(3)]
    return members, [part for part in parts if part]


@given(partings())
def test_members_of_different_parts_are_parted_and_no_others(
    case: tuple[dict[str, str | None], list[list[str]]],
) -> None:
    members, parts = case
    after = {member: entries(text) for member, text in parting(members, parts).items()}
    assert after.keys() == members.keys()
    place = {member: number for number, part in enumerate(parts) for member in part}
    for one in members:
        for other in members:
            assert are_parted(after[one], after[other]) == (place[one] != place[other])


@given(partings(), members_of)
def test_a_judgement_is_added_to_those_before(
    case: tuple[dict[str, str | None], list[list[str]]], others: dict[str, None]
) -> None:
    members, parts = case
    first = parting(members, parts)
    both: dict[str, str | None] = {member: first.get(member) for member in members | others}
    second = confirming(both)
    for member, text in second.items():
        assert entries(text).items() >= entries(first.get(member)).items()
        assert SAME in entries(text).values()
        assert len(text.split()) == len(entries(text))
    for one in members:
        for other in members:
            was_parted = are_parted(entries(first[one]), entries(first[other]))
            assert are_parted(entries(second[one]), entries(second[other])) == was_parted
    assert confirming(second) == second
    assert len({text.split()[-1] for text in second.values()}) == 1


@given(st.dictionaries(ids, st.none(), min_size=2, max_size=6))
def test_a_judgement_does_not_depend_on_the_order_of_members(members: dict[str, str | None]) -> None:
    turned = dict(reversed(members.items()))
    assert confirming(turned) == confirming(members)
    halves = [list(members)[:1], list(members)[1:]]
    turned_halves = [halves[0][::-1], halves[1][::-1]]
    assert parting(turned, turned_halves) == parting(members, halves)


def test_other_partings_are_other_judgements() -> None:
    members: dict[str, str | None] = dict.fromkeys("abc")
    one, other = parting(members, ["a", "bc"]), parting(members, ["ab", "c"])
    assert one["a"].split(":")[0] != other["a"].split(":")[0]
    assert one != confirming(members)
    assert confirming(dict.fromkeys(["ab", "c"])) != confirming(dict.fromkeys(["a", "bc"]))


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    found = entries(text)
    assert all(part and not part.isspace() for part in found.values())
    assert entries(" ".join(f"{name}:{part}" for name, part in found.items())) == found


def test_nothing_is_no_judgement() -> None:
    assert entries(None) == entries("") == entries("word :") == {}
    assert entries("5d3f09ab:1 91c2e07d:= x") == {"5d3f09ab": "1", "91c2e07d": "="}
    assert not are_parted({}, {"a": "1"})
    assert not are_parted({"a": "1"}, {"b": "2"})
    assert are_parted({"a": "1", "b": "1"}, {"b": "2"})
