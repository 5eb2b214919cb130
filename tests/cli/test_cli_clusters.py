"""Near-duplicates without a screen: field names, exit codes, decisions, policies, and what a mix makes of them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from explorer.corpus.workspace import Place, locate
from explorer.fingerprints.policy import CRITERIA, Policy
from explorer.mixing.mix_file import load_mix
from explorer.open_corpus.session import Session
from tests.cli.conftest import Cli
from tests.corpora import HOSTILE_NAMES, job, row
from tests.families import compared, family_corpus, planted_rows, shown, words

CLUSTER = {
    "cluster",
    "size",
    "tokens",
    "tokens_removable",
    "survivor",
    "min_similarity",
    "chain_only",
    "tiers",
    "origins",
}
MEMBER = {"id", "similarity", "direct", "tier", "tokens", "repo", "path"}
LOSS = {
    "slice",
    "samples",
    "tokens",
    "samples_lost_now",
    "tokens_lost_now",
    "samples_lost",
    "tokens_lost",
    "share_lost",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Place:
    rows = planted_rows()
    rows += [
        row(words("wide", shift, shift + 100), path=f"wide/{shift}.py", tier=3, repo="gus/wide") for shift in range(30)
    ]
    return family_corpus(tmp_path_factory.mktemp("cli") / "families", rows, threshold=0.7)


@pytest.fixture
def base(built: Place, tmp_path: Path) -> Path:
    """A copy of the planted corpus that a test may label."""
    return locate(str(shutil.copytree(built.base, tmp_path / "families"))).base


def listed(cli: Cli, base: Path, *words: object) -> list[dict[str, Any]]:
    return cli("clusters", base, *words, "--limit", "0", "--json").document["clusters"]


def cluster_holding(cli: Cli, base: Path, path: str) -> int:
    (line,) = cli("find", base, f"path = '{path}'", "--columns", "cluster", "--json").document["rows"]
    return line["cluster"]


def rows_of(cli: Cli, base: Path, filter_text: str, *columns: str) -> list[dict[str, Any]]:
    names = ",".join(columns)
    return cli("find", base, filter_text, "--columns", names, "--limit", "0", "--json").document["rows"]


# ---- lists


def test_clusters_have_the_fields_of_the_contract(cli: Cli, base: Path) -> None:
    ran = cli("clusters", base, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.isascii()
    document = ran.document
    assert document["threshold"] == document["compared_at"] == 0.7
    assert (document["survivors"], document["chains"]) == (list(CRITERIA), "keep")
    assert all(one.keys() >= CLUSTER for one in document["clusters"])
    rows = rows_of(
        cli, base, "cluster is not null", "id", "cluster", "survivor", "similarity", "direct", "redundant", "tokens"
    )
    for one in document["clusters"]:
        members = [line for line in rows if line["cluster"] == one["cluster"]]
        assert one["size"] == len(members)
        assert one["tokens_removable"] == sum(line["tokens"] for line in members if line["redundant"])
        assert one["chain_only"] == sum(not line["direct"] for line in members)
        assert [line["id"] for line in members if line["survivor"]] == [one["survivor"]]
    assert document["totals"]["clusters"] == len(document["clusters"]) == len({line["cluster"] for line in rows})
    assert document["totals"]["samples"] == len(rows)


def test_lists_are_sorted_cut_and_filtered(cli: Cli, base: Path) -> None:
    sizes = [one["size"] for one in listed(cli, base, "--sort", "size")]
    assert sizes == sorted(sizes, reverse=True)
    large = [one["size"] for one in listed(cli, base, "--sort", "size", "--min-size", "5")]
    assert large == [size for size in sizes if size >= 5]
    shortened = cli("clusters", base, "--sort", "size", "--limit", "2", "--json").document
    assert [one["size"] for one in shortened["clusters"]] == sizes[:2]
    assert shortened["totals"]["clusters"] == len(sizes)
    assert [one["tiers"] for one in listed(cli, base, "repo = 'gus/wide'")] == [[3]]
    crossing = listed(cli, base, "--cross-tier", "--cross-origin", "--cross-repo")
    assert 0 < len(crossing) < len(sizes)
    assert all(len(one["tiers"]) > 1 and one["repos"] > 1 for one in crossing)
    assert all({"human", "synthetic"} <= set(one["origins"]) for one in crossing)
    text = cli("clusters", base, "--limit", "3").out.splitlines()
    assert len(text) == 5
    assert text[0].split()[:3] == ["cluster", "size", "tokens"]
    assert text[-1].startswith(f"3 of {len(sizes)} clusters: ")


def test_one_cluster_has_the_fields_of_the_contract(cli: Cli, base: Path) -> None:
    number = cluster_holding(cli, base, "src/3.py")
    ran = cli("cluster", base, number, "--json")
    assert (ran.code, ran.err) == (0, "")
    members = ran.document["members"]
    assert ran.document["cluster"] == number
    assert ran.document["survivor"] == members[0]["id"]
    assert all(member.keys() >= MEMBER for member in members)
    likeness = [member["similarity"] for member in members]
    assert likeness == sorted(likeness, reverse=True)
    assert {member["direct"] for member in members} == {True, False}
    text = cli("cluster", base, number).out.splitlines()
    assert len(text) == len(members) + 2
    assert "survivor" in text[1]
    assert "chain" in text[-2]
    assert text[-1] == f"{members[0]['id']} survives because {ran.document['reason']}."


def test_show_find_and_info_tell_of_clusters(cli: Cli, base: Path) -> None:
    (line,) = rows_of(cli, base, "path = 'src/3.py'", "id", "cluster", "survivor", "similarity", "direct", "redundant")
    shown_one = cli("show", base, line["id"], "--json").document["cluster"]
    assert {name: shown_one[name] for name in line if name != "id"} == {n: v for n, v in line.items() if n != "id"}
    assert shown_one["size"] == 7
    assert "of 7 samples" in cli("show", base, line["id"]).out
    (alone,) = rows_of(cli, base, "path = 'src/40.py'", "id")
    assert cli("show", base, alone["id"], "--json").document["cluster"] is None
    found = rows_of(cli, base, "cluster_size > 1 and not survivor and redundant", "tokens")
    info = cli("info", base, "--json").document["clusters"]
    assert info["tokens_removable"] == sum(one["tokens"] for one in found)
    assert info["threshold"] == 0.7


def test_similar_lists_the_likest_below_the_threshold_too(cli: Cli, base: Path) -> None:
    (line,) = rows_of(cli, base, "path = 'src/3.py'", "id")
    ran = cli("similar", base, line["id"], "--limit", "4", "--json")
    assert (ran.code, ran.err) == (0, "")
    found = ran.document["similar"]
    assert ran.document["id"] == line["id"]
    assert [round(one["similarity"], 3) for one in found] == [0.778, 0.778, 0.6, 0.6]
    assert all({*MEMBER, "copies", "row"} - {"direct"} <= one.keys() for one in found)
    text = cli("similar", base, line["id"]).out
    assert "0.778" in text
    assert text.rstrip().endswith(f"contents like {line['id']}.")
    (alone,) = rows_of(cli, base, "path = 'src/39.py'", "id")
    assert f"Nothing shares five words in a row with {alone['id']}." in cli("similar", base, alone["id"]).out


# ---- wrong use


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (("clusters", "--threshold", "0.6"), "not proven"),
        (("clusters", "--threshold", "0.3"), "0.3 is no similarity"),
        (("clusters", "--threshold", "nan"), "is no similarity"),
        (("clusters", "--survivors", "stars"), "'stars' is no order of criteria"),
        (("clusters", "--survivors", "tier,tier"), "is no order of criteria"),
        (("clusters", "--survivors", ""), "is no order of criteria"),
        (("clusters", "--alarm", "101"), "101"),
        (("clusters", "--apply"), "Nothing is proposed"),
        (("clusters", "tier = 4", "--threshold", "0.9"), "holds for the whole corpus"),
        (("clusters", "--sort", "stars"), "stars"),
        (("clusters", "--min-size", "1"), "1"),
        (("clusters", "tier = "), "end"),
        (("cluster", "4242"), "There is no cluster 4242"),
        (("cluster", "9" * 30), "There is no cluster"),
        (("cluster", "first"), "first"),
        (("cluster", "1", "--survivor", "nobody"), "'nobody' is not in this cluster"),
        (("cluster", "1", "--judge", "perhaps"), "perhaps"),
        (("similar", "nobody"), "There is no sample with the id 'nobody'"),
        (("index", "--threshold", "0.3", "--workers", "0"), "0.3 is no similarity"),
    ],
)
def test_wrong_use_is_told_on_stderr(cli: Cli, built: Place, call: tuple[str, ...], says: str) -> None:
    ran = cli(call[0], built.base, *call[1:], "--json")
    assert (ran.code, ran.out) == (2, ""), ran.err
    assert says in ran.err


def test_short_texts_and_copies_are_refused_in_a_sentence(cli: Cli, base: Path) -> None:
    (short,) = rows_of(cli, base, "path = 'src/16.py'", "id", "cluster")
    ran = cli("similar", base, short["id"], "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "fewer than 5 words" in ran.err
    (copies,) = rows_of(cli, base, "path = 'src/34.py'", "cluster")
    ran = cli("cluster", base, copies["cluster"], "--judge", "split")
    assert ran.code == 2
    assert "same content" in ran.err


# ---- decisions


def roles(cli: Cli, base: Path) -> list[dict[str, Any]]:
    return rows_of(cli, base, "true", "id", "cluster", "cluster_size", "survivor", "similarity", "direct", "redundant")


def test_judging_and_choosing_are_labels_that_undo_takes_back(cli: Cli, base: Path) -> None:
    before = roles(cli, base)
    number = cluster_holding(cli, base, "src/3.py")
    members = cli("cluster", base, number, "--json").document["members"]
    chosen = next(member["id"] for member in members[::-1] if member["tier"])
    after = cli("cluster", base, number, "--survivor", chosen, "--json").document["members"]
    assert [one["id"] for one in after if one["survivor"]] == [chosen]
    assert cli("cluster", base, number, "--json").document["reason"].startswith("a curator chose it")
    judged = cli("cluster", base, number, "--judge", "duplicates", "--json").document["members"]
    assert sum(not one["redundant"] for one in judged) == 1
    split = cli("cluster", base, number, "--judge", "split", "--json").document["members"]
    assert len({one["cluster"] for one in split}) == 2
    assert len(cli("history", base, "--json").document["events"]) == 3
    for _ in range(3):
        assert cli("undo", base, "--json").document["undone"]["events"] == 1
    assert roles(cli, base) == before
    text = cli("cluster", base, number, "--judge", "different").out
    assert "on its own" in text
    assert "`corpus undo` takes it back" in text
    assert cli("cluster", base, number).code == 2


def test_choosing_again_takes_the_choice_back(cli: Cli, base: Path) -> None:
    before = roles(cli, base)
    number = cluster_holding(cli, base, "src/21.py")
    wanted = next(m["id"] for m in cli("cluster", base, number, "--json").document["members"][1:] if m["tier"])
    for _ in range(2):
        assert cli("cluster", base, number, "--survivor", wanted).code == 0
    assert roles(cli, base) == before
    assert cli("info", base, "--json").document["labels"]["samples"] == 0


def test_looking_writes_nothing(cli: Cli, base: Path) -> None:
    files = sorted((base / ".corpus").rglob("*"))
    for call in (("clusters",), ("cluster", 1), ("clusters", "--threshold", "0.8")):
        assert cli(call[0], base, *call[1:]).code == 0
    assert sorted((base / ".corpus").rglob("*")) == files


# ---- another policy


def test_a_proposed_policy_is_weighed_and_nothing_changes(cli: Cli, base: Path) -> None:
    ran = cli("clusters", base, "--threshold", "0.9", "--json")
    assert ran.code == 0
    document = ran.document
    assert document["proposed"] == {"threshold": 0.9, "survivors": list(CRITERIA), "chains": "keep", "alarm": 50.0}
    assert document["applied"] is False
    for group in ("slices", "sums", "repos_incomplete", "alarms"):
        assert all(one.keys() == LOSS for one in document[group])
    assert document["whole"]["slice"] == {}
    assert document["whole"]["tokens_lost"] < document["whole"]["tokens_lost_now"]
    assert not (base / ".corpus" / "mix.toml").exists()
    text = cli("clusters", base, "--threshold", "0.9")
    assert text.out.startswith("At a similarity of 0.9, survivors by verdict, tier")
    assert "all samples" in text.out
    assert "Nothing was changed" in text.out


def test_an_alarm_refuses_until_the_loss_is_accepted(cli: Cli, base: Path) -> None:
    words_ = ("clusters", base, "--chains", "drop", "--apply")
    ran = cli(*words_, "--json")
    assert ran.code == 3, ran.err
    assert ran.document["applied"] is False
    text = cli(*words_)
    assert (text.code, "--apply writes it" in text.out) == (3, False)
    assert "Nothing was changed" in text.err
    assert {"repo": "gus/wide"} in [one["slice"] for one in ran.document["alarms"]] or ran.document["alarms"]
    assert "--accept-loss" in ran.err
    assert not (base / ".corpus" / "mix.toml").exists()
    told = cli(*words_)
    assert told.code == 3
    assert "ALARM" in told.err
    accepted = cli(*words_, "--accept-loss", "--json")
    assert (accepted.code, accepted.document["applied"]) == (0, True)
    mix = load_mix(base / ".corpus" / "mix.toml")
    assert mix.clusters == Policy(0.7, keeps_chains=False)
    assert cli("clusters", base, "--json").document["chains"] == "drop"
    assert not rows_of(cli, base, "not survivor and not redundant", "id")


def test_a_harmless_policy_is_applied_at_once_and_followed(cli: Cli, base: Path) -> None:
    before = listed(cli, base)
    ran = cli("clusters", base, "--threshold", "0.9", "--survivors", "newest, longest", "--alarm", "80", "--apply")
    assert ran.code == 0, ran.err
    assert "Written to mix.toml." in ran.out
    mix = load_mix(base / ".corpus" / "mix.toml")
    assert (mix.clusters, mix.clusters.alarm) == (Policy(0.9, ("newest", "longest", "id")), 80.0)
    assert cli("info", base, "--json").document["clusters"]["threshold"] == 0.9
    assert listed(cli, base) != before
    assert cli("mix", base, "--json").code == 0
    assert load_mix(base / ".corpus" / "mix.toml") == mix


def test_comparing_again_at_another_threshold(cli: Cli, base: Path) -> None:
    wide = len(listed(cli, base))
    ran = cli("index", base, "--workers", "0", "--tokens", "estimate", "--threshold", "0.95", "--json")
    assert ran.code == 0, ran.err
    assert {"samples", "files", "quarantined", "mapping"} <= ran.document.keys()
    assert ran.document["read_now"]["samples"] == 0
    assert cli("clusters", base, "--json").document["threshold"] == 0.95
    assert len(listed(cli, base)) < wide
    for command in (("mix", base), ("clusters", base, "--survivors", "newest")):
        after = cli(*command, "--json")
        assert after.code == 0, after.err
    again = cli("index", base, "--workers", "0", "--tokens", "estimate", "--json")
    assert again.code == 0
    assert cli("clusters", base, "--json").document["threshold"] == 0.95


def test_clusters_and_a_mix_agree_before_there_is_a_file(cli: Cli, base: Path) -> None:
    assert cli("index", base, "--workers", "0", "--tokens", "estimate", "--threshold", "0.6").code == 0
    before = roles(cli, base)
    assert cli("mix", base, "--json").code == 0
    assert roles(cli, base) == before


# ---- foreign text


def test_hostile_paths_and_ids_are_only_shown(cli: Cli, tmp_path: Path) -> None:
    rows = [
        row(words("same", number, number + 100), path=name, repo=f"\x1b[2J{name}", tier=1, language="\x1b]0;x\x07")
        for number, name in enumerate(HOSTILE_NAMES * 4)
    ]
    place = family_corpus(tmp_path / "c", rows, threshold=0.7)
    number = listed(cli, place.base)[0]["cluster"]
    survivor = cli("cluster", place.base, number, "--json").document["survivor"]
    calls: tuple[tuple[object, ...], ...] = (
        ("clusters", place.base),
        ("cluster", place.base, number),
        ("similar", place.base, survivor),
        ("clusters", place.base, "--survivors", "newest", "--alarm", "0", "--apply"),
        ("clusters", place.base, "--chains", "drop", "--alarm", "0", "--apply"),
    )
    for call in calls:
        ran = cli(*call)
        assert ran.code in (0, 3)
        assert not set("\x1b\x07\u202e\x9b") & set(ran.out + ran.err), call


# ---- what a mix makes of it


def test_an_export_names_clusters_and_why_tells_who_stands_for_a_sample(cli: Cli, base: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert cli("clusters", base, "--chains", "drop", "--threshold", "0.75", "--apply", "--accept-loss").code == 0
    assert cli("mix", base, "--gates", "none").code == 0
    for stage in ("--weight", "1=30"), ("--weight", "4=30"):
        assert cli("mix", base, "--stage", "fine-tuning", *stage).code == 0
    assert cli("export", base, "--stage", "fine-tuning", "--budget", "fit", "--out", out).code == 0
    manifest = json.loads((out / "manifest.json").read_bytes())
    assert manifest["clusters"] == {"threshold": 0.75, "survivors": list(CRITERIA), "chains": "drop"}
    rows = [one for path in out.rglob("*.parquet") for one in pq.read_table(path, partitioning=None).to_pylist()]
    known = {one["id"]: one for one in roles(cli, base)}
    assert rows
    for one in rows:
        assert (one["cluster"], one["survivor"]) == (known[one["id"]]["cluster"], known[one["id"]]["survivor"])
        assert not known[one["id"]]["redundant"]
    for one in [one for one in known.values() if one["redundant"]][::9]:
        survivor = next(o["id"] for o in known.values() if o["cluster"] == one["cluster"] and o["survivor"])
        reason = cli("cluster", base, one["cluster"], "--json").document["reason"]
        document = cli("why", out, one["id"], "--json").document
        assert document["included"] is False
        assert any(f"of {survivor}, which survives because {reason}." in told for told in document["reasons"])


def test_why_calls_exact_only_what_is(cli: Cli, base: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert cli("mix", base, "--gates", "none").code == 0
    assert cli("export", base, "--stage", "fine-tuning", "--budget", "fit", "--out", out).code == 0
    blank = rows_of(cli, base, "path in ('src/13.py', 'src/14.py', 'src/15.py') and redundant", "id")
    copies = rows_of(cli, base, "path in ('src/34.py', 'src/35.py') and redundant", "id")
    assert (len(blank), len(copies)) == (2, 1)
    for one in blank:
        (told, *_) = [r for r in cli("why", out, one["id"], "--json").document["reasons"] if "duplicate" in r]
        assert told.startswith("It is a near-duplicate (1.00 alike) of ")
    (told, *_) = [r for r in cli("why", out, copies[0]["id"], "--json").document["reasons"] if "duplicate" in r]
    assert told.startswith("It is an exact duplicate of ")


def test_why_does_not_deny_a_sample_when_the_corpus_was_compared_otherwise(
    cli: Cli, base: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert cli("mix", base, "--gates", "none").code == 0
    assert cli("export", base, "--stage", "fine-tuning", "--budget", "fit", "--out", out).code == 0
    exported = {
        one["id"] for path in out.rglob("*.parquet") for one in pq.read_table(path, partitioning=None).to_pylist()
    }
    absent = next(one["id"] for one in roles(cli, base) if one["id"] not in exported)
    assert cli("index", base, "--workers", "0", "--tokens", "estimate", "--threshold", "0.9").code == 0
    told = " ".join(cli("why", out, absent, "--json").document["reasons"])
    assert "no sample with this id" not in told
    assert "The corpus was compared at a similarity of 0.9" in told
    assert cli("why", out, "nobody", "--json").document["reasons"] == [f"The corpus {base} has no sample with this id."]


def test_what_a_command_shows_is_what_the_session_says(cli: Cli, base: Path) -> None:
    compared(base)
    session = Session(locate(str(base)))
    standings = shown(session)
    ids = [session.sample(job(), number)["id"] for number in range(session.samples)]
    session.close()
    found = {one["id"]: one for one in roles(cli, base)}
    for sample, standing in zip(ids, standings, strict=True):
        assert found[sample] == {"id": sample, **standing._asdict()}
