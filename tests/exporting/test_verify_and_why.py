"""Nobody changes an export unnoticed, and every sample can be told why it is in one or not."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from explorer.corpus.workspace import Place
from explorer.errors import BadInput, ExplorerError
from explorer.exporting.export import Wanted, export
from explorer.exporting.receipt import MANIFEST
from explorer.exporting.verify import verify
from explorer.exporting.why import why
from explorer.mixing.mix import FINE_TUNING, Mix, Rules, StageMix
from explorer.open_corpus.session import Session
from tests.corpora import OPEN, job

MIX = Mix(
    "family", (StageMix(FINE_TUNING, {1: 50.0, 2: 30.0, 3: 20.0, 4: 0.0}, 1_000),), Rules(repo_share=20.0), gates=OPEN
)


@pytest.fixture(scope="module")
def exported(odd_place: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small export in both formats, made with a few labels."""
    session = Session(odd_place)
    label_some(session)
    target = tmp_path_factory.mktemp("exported") / "mix"
    labels = {"events": 3, "sha256": "x"}
    manifest = export(session, job(), MIX, Wanted(FINE_TUNING, target, ("parquet", "jsonl"), None, labels))
    session.close()
    assert manifest["rows"] > 10
    return target


def label_some(session: Session) -> None:
    samples = [session.sample(job(), number) for number in (10, 11)]
    session.set_labels(job(), [{**sample, "tier": 1, "verdict": "drop", "note": None} for sample in samples])


@pytest.fixture
def mix(exported: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(exported, tmp_path / "mix"))


def shard(mix: Path, suffix: str = ".parquet") -> Path:
    return next(mix.rglob(f"*{suffix}"))


def manifest_of(mix: Path) -> dict[str, Any]:
    return json.loads((mix / MANIFEST).read_bytes())


def problems(mix: Path) -> str:
    return " ".join(verify(mix)[1])


def test_an_untouched_export_is_fine(mix: Path) -> None:
    assert verify(mix)[1] == ()


@pytest.mark.parametrize("suffix", [".parquet", ".jsonl"])
def test_any_flipped_bit_is_noticed(mix: Path, suffix: str) -> None:
    path = shard(mix, suffix)
    content = path.read_bytes()
    for place in (0, 1, len(content) // 3, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert "has changed" in problems(mix)
    path.write_bytes(content)
    assert problems(mix) == ""


def truncate(mix: Path) -> str:
    os.truncate(shard(mix), 100)
    return "bytes; the receipt says"


def empty(mix: Path) -> str:
    os.truncate(shard(mix), 0)
    return "has 0 bytes"


def grow(mix: Path) -> str:
    with shard(mix, ".jsonl").open("ab") as file:
        file.write(b"\n")
    return "bytes; the receipt says"


def delete(mix: Path) -> str:
    shard(mix).unlink()
    return "is missing"


def rename(mix: Path) -> str:
    shard(mix).rename(shard(mix).with_name("train.parquet"))
    return "is not in the receipt"


def add(mix: Path) -> str:
    (mix / "data" / "more.parquet").write_bytes(b"")
    return "data/more.parquet is not in the receipt"


def add_link(mix: Path) -> str:
    (mix / "data" / "link").symlink_to("/etc")
    return "data/link is not in the receipt"


def add_pipe(mix: Path) -> str:
    os.mkfifo(mix / "pipe")
    return "pipe is not in the receipt"


def link_out(mix: Path) -> str:
    path = shard(mix)
    away = mix.parent / "away.parquet"
    path.rename(away)
    path.symlink_to(away)
    return "is missing"


def swap(mix: Path) -> str:
    one, other = shard(mix), shard(mix, ".jsonl")
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)
    return "the receipt says"


TAMPERINGS = (truncate, empty, grow, delete, rename, add, add_link, add_pipe, link_out, swap)


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_tampering_with_files_is_noticed(mix: Path, tamper: Callable[[Path], str]) -> None:
    expected = tamper(mix)
    assert expected in problems(mix)


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place of a document that holds a plain value."""
    if isinstance(value, dict | list):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in inside:
            yield from leaves(inner, (*path, key))
    else:
        yield path


def changed(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return not value
    return value + 1 if isinstance(value, int | float) else f"{value}0"


def test_any_edited_value_of_the_receipt_is_noticed(mix: Path) -> None:
    whole = manifest_of(mix)
    places = list(leaves(whole))
    assert len(places) > 100
    for place in places:
        if place == ("format",):
            continue
        manifest = json.loads(json.dumps(whole))
        holder = manifest
        for key in place[:-1]:
            holder = holder[key]
        holder[place[-1]] = changed(holder[place[-1]])
        (mix / MANIFEST).write_text(json.dumps(manifest))
        assert "manifest.json was changed" in problems(mix), place


def test_figures_are_counted_again_even_where_the_seal_was_renewed(mix: Path) -> None:
    from explorer.exporting.receipt import SEAL, dumped, sealed

    def edit(*path: Any) -> str:
        manifest = manifest_of(mix)
        manifest.pop(SEAL)
        holder = manifest
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] += 1
        (mix / MANIFEST).write_bytes(dumped(sealed(manifest)))
        found = problems(mix)
        assert "was changed" not in found
        holder[path[-1]] -= 1
        (mix / MANIFEST).write_bytes(dumped(sealed(manifest)))
        return found

    assert "the receipt's total is" in edit("rows")
    assert "the receipt's total is" in edit("tokens")
    assert "rows of tier 1" in edit("tiers", "1", "rows")
    assert "samples of tier 2" in edit("tiers", "2", "samples")
    assert "tokens of tier 3" in edit("tiers", "3", "tokens")
    assert "rows; the receipt says" in edit("files", 0, "rows")
    assert "tokens; the receipt says" in edit("files", 1, "tokens")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"format": 2}',
        b'{"format": 1}',
        b"[" * 100_000,
        b'{"format": 1, "stage": "x", "family": "f", "rules": {}, "plan": {}, "tiers": {}, "corpus": {},'
        b' "rows": 1, "tokens": 1, "files": [{"path": "../../etc/passwd", "rows": 1, "tokens": 1, "bytes": 1,'
        b' "sha256": ""}]}',
        b'{"format": 1, "stage": "x", "family": "f", "rules": {}, "plan": {}, "tiers": {"1": 5}, "corpus": {},'
        b' "rows": 1, "tokens": 1, "files": []}',
    ],
)
def test_a_receipt_that_is_none_is_bad_input(mix: Path, content: bytes) -> None:
    (mix / MANIFEST).write_bytes(content)
    with pytest.raises(BadInput):
        verify(mix)
    with pytest.raises(BadInput):
        why(mix, "x", job(), Session)


def test_no_export_is_bad_input(tmp_path: Path) -> None:
    for directory in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(BadInput, match="holds no export"):
            verify(directory)


# ---- why


def asked(mix: Path, sample: str) -> dict[str, Any]:
    return why(mix, sample, job(), open_labelled)


@pytest.fixture
def stays_open(odd: Session, monkeypatch: pytest.MonkeyPatch) -> Callable[[Place], Session]:
    """Opens the corpus once, with the labels of the export, for many questions."""
    label_some(odd)
    monkeypatch.setattr(odd, "close", lambda: None)
    return lambda place: odd


def open_labelled(place: Place) -> Session:
    session = Session(place)
    label_some(session)
    return session


def test_every_sample_is_told_the_right_reason(
    odd: Session, exported: Path, stays_open: Callable[[Place], Session]
) -> None:
    rows = [json.loads(line) for line in shard(exported, ".jsonl").read_bytes().split(b"\n") if line]
    drawn = {row["id"]: row["meta"] for row in rows}
    told: dict[str, int] = {}
    for number in range(odd.samples):
        sample = odd.sample(job(), number)
        document = why(exported, sample["id"], job(), stays_open)
        reasons = " ".join(document["reasons"])
        assert document["included"] == (sample["id"] in drawn)
        if document["included"]:
            meta = drawn[sample["id"]]
            assert document["source"] == {
                "file": meta["source_file"],
                "row_group": meta["source_row_group"],
                "row": meta["source_row"],
            }
            assert f"It is of tier {sample['tier']}" in reasons
            continue
        expectations = {
            "verdict on it is drop": sample["verdict"] == "drop",
            "are not UTF-8": not sample["valid_utf8"],
            "It is empty": not sample["tokens"],
            "It has no tier yet": sample["tier"] is None,
            "Tier 4 has no weight": sample["tier"] == 4,
            "survives because": sample["redundant"],
        }
        for words, applies in expectations.items():
            assert (words in reasons) == applies, (sample, reasons)
            told[words] = told.get(words, 0) + applies
        if not any(expectations.values()):
            words = next(w for w in ("had given its", "stands at place") if w in reasons)
            told[words] = told.get(words, 0) + 1
    assert {words: count for words, count in told.items() if not count} == {}
    assert len(told) == 8, told


def test_a_place_behind_the_cut_is_the_true_place(
    odd: Session, exported: Path, stays_open: Callable[[Place], Session]
) -> None:
    manifest = manifest_of(exported)
    for number in range(odd.samples):
        sample = odd.sample(job(), number)
        reasons = " ".join(why(exported, sample["id"], job(), stays_open)["reasons"])
        if "stands at place" in reasons:
            place = int(reasons.split("at place ")[1].split()[0].replace(",", "")) - 1
            part = manifest["tiers"][str(sample["tier"])]
            assert place >= part["prefix"]
            assert place not in part["fillers"]
            assert f"the first {part['prefix']}" in reasons


def test_a_sample_nobody_knows(exported: Path) -> None:
    assert asked(exported, "nobody")["reasons"][0].endswith("has no sample with this id.")


def test_a_corpus_that_is_gone_is_told(exported: Path) -> None:
    def fail(place: Place) -> Session:
        raise BadInput("It is not indexed.")

    document = why(exported, "nobody", job(), fail)
    assert "cannot be opened to say why" in document["reasons"][0]


def test_labels_that_changed_since_are_told(odd: Session, exported: Path) -> None:
    dropped = odd.sample(job(), 10)["id"]
    document = why(exported, dropped, job(), Session)
    assert document["included"] is False
    assert document["reasons"]


@pytest.mark.parametrize("tamper", [truncate, delete, empty])
def test_a_damaged_export_explains_nothing(mix: Path, tamper: Callable[[Path], str]) -> None:
    tamper(mix)
    with pytest.raises(ExplorerError, match="cannot be read"):
        asked(mix, "x")


def test_an_edited_receipt_explains_nothing(mix: Path) -> None:
    manifest = manifest_of(mix)
    manifest["tiers"]["1"]["prefix"] += 1
    (mix / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(ExplorerError, match="was changed"):
        asked(mix, "x")
