"""The rows of an export against the corpus, against the plan, and against themselves drawn again."""

import hashlib
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from explorer.exporting import export as export_module
from explorer.exporting import shards
from explorer.exporting.drawing import plan_of, stock_of
from explorer.exporting.export import Wanted, export
from explorer.exporting.verify import verify
from explorer.exporting.writers import SCHEMA
from explorer.mixing.mix import FINE_TUNING, PRE_TRAINING, Budget, Mix, Rules, StageMix
from explorer.open_corpus.session import Session
from tests.corpora import OPEN, corpus_of, job, odd_rows, open_mix, plenty_rows, row

LABELS = {"events": 0, "sha256": ""}
Export = Callable[..., dict[str, Any]]


@pytest.fixture
def write_out(tmp_path: Path) -> Export:
    """Exports a session's mix to a new directory and checks it."""
    targets = iter(range(100))

    def export_and_verify(
        session: Session,
        mix: Mix | None = None,
        stage: str = FINE_TUNING,
        budget: Budget | None = None,
        formats: tuple[str, ...] = ("parquet",),
        target: Path | None = None,
    ) -> dict[str, Any]:
        target = target or tmp_path / f"out-{next(targets)}"
        wanted = Wanted(stage, target, formats, budget, LABELS)
        manifest = export(session, job(), mix or open_mix(), wanted)
        assert verify(target)[1] == ()
        return manifest

    return export_and_verify


def even(budget: Budget = "fit", **rules: Any) -> Mix:
    """A mix of one stage that takes all tiers alike."""
    return Mix(
        "family", (StageMix(FINE_TUNING, dict.fromkeys((1, 2, 3, 4), 25.0), budget),), Rules(**rules), gates=OPEN
    )


def everything(**rules: Any) -> Mix:
    """A mix that draws every eligible sample at least once."""
    return even(10**9, when_short="redistribute", epoch_cap=1.0, **rules)


def rows_in(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    tables = [pq.read_table(path, partitioning=None) for path in paths_of(manifest, ".parquet")]
    assert all(table.schema.equals(SCHEMA) for table in tables)
    return [values for table in tables for values in table.to_pylist()]


def paths_of(manifest: dict[str, Any], suffix: str) -> list[Path]:
    return [Path(manifest["out"]) / file["path"] for file in manifest["files"] if file["path"].endswith(suffix)]


def digests(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    return [(file["path"], file["sha256"]) for file in manifest["files"]]


def ids_by_tier(manifest: dict[str, Any]) -> dict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for values in rows_in(manifest):
        found[values["tier"]].add(values["id"])
    return found


def eligible(session: Session, family: str = "family", untiered: bool = False) -> dict[int, list[dict[str, Any]]]:
    """What may be drawn of each tier, in the order of the permanent random numbers, worked out in Python.

    Which near-duplicates are redundant is proven where clusters are.
    """
    names = ("id", "tier", "origin", "verdict", "tokens", "valid_utf8", "sha256", "redundant")
    page = session.page(job(), None, 0, session.samples, names)
    samples = [dict(zip(names, values, strict=True)) for _, *values in page]
    fit = [
        sample
        for sample in samples
        if sample["verdict"] != "drop"
        and (sample["tier"] or untiered)
        and sample["tokens"]
        and sample["valid_utf8"]
        and not sample["redundant"]
    ]
    by_content: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for sample in fit:
        by_content[sample["sha256"]].append(sample)
    chosen = [
        min(twins, key=lambda s: (s["verdict"] != "keep", s["tier"] or 9, s["id"])) for twins in by_content.values()
    ]
    tiers: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for sample in sorted(chosen, key=lambda s: (number_of(family, s["id"]), s["id"])):
        tiers[sample["tier"] or 0].append(sample)
    return tiers


def number_of(family: str, sample: str) -> int:
    """The first eight bytes of MD5 over family and id, as the engine reads them."""
    return int.from_bytes(hashlib.md5(f"{family}\x1f{sample}".encode()).digest()[:8], "little")


# ---- what is drawn


def test_every_text_is_the_corpus_bytes_and_every_row_says_where_it_stands(odd: Session, write_out: Export) -> None:
    written = odd_rows()
    for values in rows_in(write_out(odd, everything())):
        source = pq.ParquetFile(odd.place.base / values["source_file"])
        group = source.read_row_group(values["source_row_group"]).slice(values["source_row"], 1).to_pylist()[0]
        source.close()
        content = group["content"]
        assert values["text"].encode() == content
        assert values["sha256"] == hashlib.sha256(content).hexdigest()
        assert group in written
        for name in ("path", "repo", "tier", "created"):
            assert values[name] == group[name]
        assert values["stage"] == FINE_TUNING


def test_all_that_may_be_drawn_is_drawn_and_nothing_else(odd: Session, write_out: Export) -> None:
    drop, keep = odd.sample(job(), 10), odd.sample(job(), 92)
    assert keep["path"] == "twin/3.py"
    odd.set_labels(job(), [{**drop, "verdict": "drop", "note": None}, {**keep, "verdict": "keep", "note": None}])
    rows = rows_in(write_out(odd, everything()))
    expected = eligible(odd)
    assert {(values["tier"], values["id"]) for values in rows} == {
        (tier, sample["id"]) for tier, samples in expected.items() for sample in samples
    }
    assert len(rows) == len({values["sha256"] for values in rows})
    assert drop["id"] not in {values["id"] for values in rows}
    assert keep["id"] in {values["id"] for values in rows}
    assert not {"bytes.bin", "empty.py", "null.py"} & {values["path"] for values in rows}
    assert sum(values["path"] == "same.py" for values in rows) == 1


def test_samples_without_a_tier_come_only_on_request(odd: Session, write_out: Export) -> None:
    stage = StageMix(FINE_TUNING, {0: 50.0, 1: 50.0}, 10**9)
    mix = Mix("family", (stage,), Rules(1.0, 100.0, "redistribute", include_untiered=True), gates=OPEN)
    manifest = write_out(odd, mix)
    tiers = ids_by_tier(manifest)
    assert tiers[None] == {sample["id"] for sample in eligible(odd, untiered=True)[0]}  # type: ignore[index]
    assert manifest["tiers"]["none"]["rows"] == len(tiers[None])  # type: ignore[index]


def test_a_draw_takes_the_front_of_the_order(plenty: Session, write_out: Export) -> None:
    manifest = write_out(plenty, even(400_000))
    order = eligible(plenty)
    for tier, ids in ids_by_tier(manifest).items():
        drawn = manifest["tiers"][str(tier)]
        positions = {*range(drawn["prefix"]), *drawn["fillers"]}
        assert ids == {order[tier][position]["id"] for position in positions}
        assert len(drawn["fillers"]) <= 2


def test_a_repository_gives_no_more_than_its_cap(plenty: Session, write_out: Export) -> None:
    manifest = write_out(plenty, even(300_000, repo_share=1.0))
    cap = manifest["repo_cap_tokens"]
    assert cap == 3_000
    given: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for values in rows_in(manifest):
        given[values["tier"], values["repo"]].append(values["tokens"])
    assert all(sum(tokens) <= cap or len(tokens) == 1 for tokens in given.values())
    free = write_out(plenty, even(300_000))
    shares = Counter(values["repo"] for values in rows_in(free))
    assert max(shares.values()) > max(Counter(repo for _, repo in given).values())


# ---- how much is drawn


def test_the_shares_are_what_was_asked(plenty: Session, write_out: Export) -> None:
    for family in ("corpus", "another", "third"):
        manifest = write_out(plenty, open_mix(family), budget=1_000_000 if family == "corpus" else 500_000)
        asked = {part.tier: part.realised for part in plan_of(plenty, job(), open_mix(family))[-1].tiers}
        assert manifest["tiers"].keys() == {str(tier) for tier, share in asked.items() if share}
        for tier, part in manifest["tiers"].items():
            assert part["share"] == pytest.approx(asked[int(tier)], abs=0.1)
        assert manifest["tokens"] == pytest.approx(manifest["plan"]["drawn_tokens"], rel=0.001)


def test_the_receipt_counts_what_the_files_hold(plenty: Session, write_out: Export) -> None:
    manifest = write_out(plenty, budget=300_000, formats=("parquet", "jsonl"))
    rows = rows_in(manifest)
    assert manifest["rows"] == len(rows)
    assert manifest["tokens"] == sum(values["tokens"] for values in rows)
    for tier, part in manifest["tiers"].items():
        own = [values for values in rows if str(values["tier"]) == tier]
        assert (part["rows"], part["samples"]) == (len(own), len({values["id"] for values in own}))
        assert part["tokens"] == sum(values["tokens"] for values in own)
    for file in manifest["files"]:
        path = Path(manifest["out"]) / file["path"]
        assert file["bytes"] == path.stat().st_size
        assert file["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_more_than_an_epoch_copies_all_and_then_the_front(odd: Session, write_out: Export) -> None:
    order = eligible(odd)
    total = min(sum(sample["tokens"] for sample in samples) for tier, samples in order.items())
    manifest = write_out(odd, even(int(total * 4 * 2.4), epoch_cap=3.0))
    rows = rows_in(manifest)
    copies: defaultdict[str, list[int]] = defaultdict(list)
    for values in rows:
        copies[values["id"]].append(values["copy"])
    assert all(sorted(numbers) == list(range(len(numbers))) for numbers in copies.values())
    for tier, part in manifest["tiers"].items():
        expected = {
            sample["id"]: part["copies_all"] + (place < part["prefix"]) + (place in part["fillers"])
            for place, sample in enumerate(order[int(tier)])
        }
        drawn = Counter(values["id"] for values in rows if str(values["tier"]) == tier)
        assert drawn == {sample: count for sample, count in expected.items() if count}
    assert max(part["copies_all"] for part in manifest["tiers"].values()) >= 2
    assert {len(numbers) for numbers in copies.values()} >= {1, 3} or len(copies) > 10


# ---- the same again


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(plenty: Session, write_out: Export) -> None:
    first, again = (write_out(plenty, budget=300_000, formats=("parquet", "jsonl")) for _ in range(2))
    other = write_out(plenty, open_mix("another"), budget=300_000, formats=("parquet", "jsonl"))
    assert digests(first) == digests(again)
    assert digests(first) != digests(other)
    overlap = ids_by_tier(first)[2] & ids_by_tier(other)[2]
    assert len(overlap) < 0.6 * len(ids_by_tier(first)[2])


def test_the_mix_does_not_depend_on_the_order_of_the_corpus(tmp_path: Path, write_out: Export) -> None:
    rows = plenty_rows(400)
    straight = Session(corpus_of(tmp_path / "straight", rows))
    mixed = list(rows)
    random.Random(3).shuffle(mixed)
    shuffled = Session(corpus_of(tmp_path / "shuffled", mixed[:150], mixed[150:]))
    one, other = (rows_in(write_out(session, budget=60_000)) for session in (straight, shuffled))
    assert [values["id"] for values in one] == [values["id"] for values in other]
    assert [values["text"] for values in one] == [values["text"] for values in other]
    straight.close()
    shuffled.close()


def test_rows_are_shuffled(plenty: Session, write_out: Export) -> None:
    rows = rows_in(write_out(plenty, budget=500_000))
    places = [int(values["path"].removesuffix(".py")) for values in rows]
    rising = sum(before < after for before, after in pairwise(places))
    assert 0.4 < rising / len(places) < 0.6
    half = len(rows) // 2
    tier_1 = [sum(values["tier"] == 1 for values in part) for part in (rows[:half], rows[half:])]
    assert abs(tier_1[0] - tier_1[1]) < 0.2 * sum(tier_1)


def test_shards_hold_the_same_rows_in_the_same_order(
    plenty: Session, write_out: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows_in(write_out(plenty, budget=300_000))
    monkeypatch.setattr(shards, "SHARD_BYTES", 200_000)
    monkeypatch.setattr(shards, "PENDING_BYTES", 50_000)
    manifest = write_out(plenty, budget=300_000, formats=("parquet", "jsonl"))
    assert [path.name for path in paths_of(manifest, ".parquet")] == [
        f"train-0000{n}-of-00008.parquet" for n in range(8)
    ]
    assert rows_in(manifest) == whole
    again = write_out(plenty, budget=300_000, formats=("parquet", "jsonl"))
    assert digests(manifest) == digests(again)


def test_a_little_more_of_a_tier_keeps_what_it_had(plenty: Session, write_out: Export) -> None:
    """Two points more for tier 1, the budget raised so that the other tiers draw what they drew."""
    weights = {1: 75.0, 2: 15.0, 3: 10.0}
    raised = {1: 77.0, 2: 15.0, 3: 10.0}

    def mix(asked: dict[int, float]) -> Mix:
        return Mix("family", (StageMix(FINE_TUNING, asked, round(4_000 * sum(asked.values()))),), gates=OPEN)

    before, after = (write_out(plenty, mix(asked)) for asked in (weights, raised))
    kept = {}
    for tier, ids in ids_by_tier(before).items():
        part = before["tiers"][str(tier)]
        order = [sample["id"] for sample in eligible(plenty)[tier]]
        fillers = {order[position] for position in part["fillers"]}
        later = ids_by_tier(after)[tier]
        assert ids - fillers <= later
        kept[tier] = len(ids & later) / len(ids)
        if tier != 1:
            assert ids == later
    assert kept[1] >= 0.99
    assert len(ids_by_tier(after)[1]) > len(ids_by_tier(before)[1])


def test_stages_of_a_family_are_nested(plenty: Session, write_out: Export) -> None:
    small, large = (write_out(plenty, even(budget)) for budget in (100_000, 400_000))
    for tier, ids in ids_by_tier(small).items():
        fillers = len(small["tiers"][str(tier)]["fillers"])
        assert len(ids - ids_by_tier(large)[tier]) <= fillers


# ---- formats


def test_json_lines_are_ascii_one_a_row(odd: Session, write_out: Export) -> None:
    manifest = write_out(odd, everything(), formats=("parquet", "jsonl"))
    (path,) = paths_of(manifest, ".jsonl")
    text = path.read_bytes().decode("ascii")
    lines = text.split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(text.splitlines())
    read = [json.loads(line) for line in lines]
    rows = rows_in(manifest)
    assert any("\u2028" in values["text"] for values in rows)
    assert any("\0" in values["text"] for values in rows)
    for values, line in zip(rows, read, strict=True):
        created = values.pop("created")
        assert line == {
            "id": values.pop("id"),
            "text": values.pop("text"),
            "meta": {**values, "created": created.isoformat() if created else None},
        }


# ---- labels and files that change meanwhile


def test_labels_that_change_meanwhile_do_not_matter(
    odd: Session, write_out: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = write_out(odd, everything(), formats=("parquet", "jsonl"))
    keys = [odd.sample(job(), number) for number in range(odd.samples)]
    fill = export_module._fill

    def relabel_then_fill(*args: Any) -> None:
        changed = {"tier": 4, "verdict": "drop", "origin": "synthetic", "note": None}
        odd.set_labels(job(), [{"id": key["id"], "sha256": key["sha256"], **changed} for key in keys])
        fill(*args)

    monkeypatch.setattr(export_module, "_fill", relabel_then_fill)
    meanwhile = write_out(odd, everything(), formats=("parquet", "jsonl"))
    assert digests(before) == digests(meanwhile)
    assert before["tiers"] == meanwhile["tiers"]


def test_stock_counts_what_may_be_drawn(odd: Session) -> None:
    stock = {part.tier: part for part in stock_of(odd, job(), everything())[FINE_TUNING]}
    for tier, samples in eligible(odd).items():
        assert stock[tier].unique_samples == len(samples)
        assert stock[tier].unique_tokens == sum(sample["tokens"] for sample in samples)
        assert stock[tier].largest_sample == max(sample["tokens"] for sample in samples)
        assert stock[tier].human_tokens == sum(s["tokens"] for s in samples if s["origin"] == "human")
    assert sum(part.samples for part in stock.values()) == odd.samples


def test_a_corpus_of_one_sample_can_be_exported(tmp_path: Path, write_out: Export) -> None:
    session = Session(corpus_of(tmp_path / "c", [row("only = 1\n", tier=1)]))
    mix = replace(open_mix(), stages=(StageMix(PRE_TRAINING, {1: 100.0}),))
    (values,) = rows_in(write_out(session, mix, PRE_TRAINING))
    assert values["text"] == "only = 1\n"
    session.close()


@pytest.fixture(autouse=True)
def no_tables_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Looks, after each test, whether a draw left its tables behind."""
    sessions = [request.getfixturevalue(name) for name in ("odd", "plenty") if name in request.fixturenames]
    yield
    for session in sessions:
        with session.cursor(job()) as cursor:
            tables = cursor.execute("select table_name from duckdb_tables()").fetchall()
        assert not [name for (name,) in tables if name.startswith(("eligible", "chosen"))]
