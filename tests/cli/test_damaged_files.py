"""Our own files, damaged in every way: a sentence or a rebuilt file, never a traceback, never a wait without end.

The campaign: `python -m pytest -m campaign tests/cli/test_damaged_files.py`.
"""

import json
import os
import random
import shutil
import signal
import tomllib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tomlkit

from explorer.corpus import marker
from explorer.corpus.workspace import Workspace
from explorer.errors import BadInput, Exit
from explorer.exporting.receipt import sealed
from explorer.mixing.mix import default_mix
from explorer.mixing.mix_file import new_text
from explorer.own_files import Damaged, parse_json, read_text
from explorer.screens.shared.state import SavedState
from explorer.stats import measuring, quality
from explorer.stats.baselines import Baseline, digest_of, listed, load
from explorer.stats.trend import Point, kept_section, record, recorded, trend_sections
from tests.cli.conftest import Cli

DEADLINE = 120
"""Seconds after which a command is said to hang."""
ODD = (None, True, False, 0, -1, 10**400, 1e308, float("nan"), float("inf"), "", "\x00", "\ud800", "x" * 5000, "1", [])
DEEP = "[" * 100_000
QUALITY = Path(quality.__file__).parents[1] / "quality" / "quality.toml"


def leaves(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every node below a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in pairs:
        yield (*above, key)
        yield from leaves(child, (*above, key))


def swapped(document: Any, chance: random.Random) -> Any:
    """A document with one node of another type, gone, or deep."""
    ways = list(leaves(document))
    if not ways:
        return chance.choice(ODD)
    *above, last = chance.choice(ways)
    parent = document
    for key in above:
        parent = parent[key]
    if chance.random() < 0.15:
        del parent[last]
    else:
        odd: Any = chance.choice((*ODD, {}, {"a": 1}, [[]], [{"a": [1]}], 0.5, 7, "mixed"))
        for _ in range(chance.choice((0, 0, 0, 1, 80))):
            odd = [odd]
        parent[last] = odd
    return document


def spoilt(content: bytes, chance: random.Random) -> bytes:
    """Bytes with a flip, a cut, a hole or something else put in."""
    place = chance.randrange(len(content) + 1)
    match chance.choice(("flip", "cut", "zero", "put", "other")):
        case "flip":
            return content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :]
        case "cut":
            return content[:place]
        case "zero":
            return content[:place] + bytes(chance.randrange(1, 64)) + content[place:]
        case "put":
            return content[:place] + chance.choice((b"\xff\xfe", b"1" * 5000, b"NaN", b"{", b'"')) + content[place:]
        case _:
            return chance.choice((b"", b"{", b"[]", b"null", b'"x"', DEEP.encode(), b'{"a":' * 50_000, b"\xff" * 40))


def put(path: Path, content: bytes) -> None:
    """Puts content there, whatever lay there."""
    remove(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def in_the_way(path: Path, chance: random.Random) -> None:
    """Something else than a file in its place."""
    remove(path)
    match chance.choice(("fifo", "folder", "link", "nowhere", "device", "loop")):
        case "fifo":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "link":
            path.symlink_to("/etc/passwd")
        case "nowhere":
            path.symlink_to("nowhere")
        case "device":
            path.symlink_to("/dev/zero")
        case _:
            path.symlink_to(path.name)


@contextmanager
def deadline(what: str) -> Generator[None]:
    """Fails where the block takes for ever."""

    def ring(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"{what} hangs")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(DEADLINE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def copes(cli: Cli, *words: object) -> None:
    """A command ends with an exit code of the contract and a sentence where it fails."""
    with deadline(" ".join(map(str, words))):
        ran = cli(*words)
    assert ran.code in tuple(Exit), words
    assert "nobody foresaw" not in ran.err, (words, ran.err)
    assert "Traceback" not in ran.err + ran.out
    assert (ran.code == Exit.DONE) or ran.err.startswith("corpus: ") or "corpus: " in ran.err


Damage = Callable[[Path, random.Random], None]


def in_json(document: Any, seal: bool = False) -> Damage:
    """Spoils a JSON file by its bytes, its nodes, or what lies there."""

    def damage(path: Path, chance: random.Random) -> None:
        whole = json.dumps(document)
        kind = chance.choice(("bytes", "nodes", "nodes", "place"))
        if kind == "place":
            in_the_way(path, chance)
        elif kind == "bytes":
            put(path, spoilt(whole.encode(), chance))
        else:
            odd = swapped(json.loads(whole), chance)
            put(path, json.dumps(sealed_again(odd) if seal else odd).encode())

    return damage


def sealed_again(manifest: Any) -> Any:
    """A manifest whose seal is right again, so that every check behind the seal is reached."""
    if not isinstance(manifest, dict):
        return manifest
    return sealed({key: value for key, value in manifest.items() if key != "sha256"})


def in_toml(text: str) -> Damage:
    """Spoils a TOML file by its bytes, its nodes, or what lies there."""

    def damage(path: Path, chance: random.Random) -> None:
        kind = chance.choice(("bytes", "nodes", "nodes", "place"))
        if kind == "place":
            in_the_way(path, chance)
        elif kind == "bytes":
            put(path, spoilt(text.encode(), chance))
        else:
            try:
                odd = tomlkit.dumps(swapped(tomllib.loads(text), chance))
            except (TypeError, ValueError, AttributeError, tomlkit.exceptions.TOMLKitError):
                odd = f"caps = {chance.choice(('1', '[]', '{ G_AUTOGEN = [] }'))}\n{text}"
            put(path, odd.encode("utf-8", "replace"))

    return damage


def kept(root: Path) -> dict[str, bytes]:
    return {name: (root / name).read_bytes() for name in ("workspace.json", marker.NAME)}


def tries(count: int, quick: int = 8) -> pytest.MarkDecorator:
    """So many tries in the campaign, a few by default."""
    return pytest.mark.parametrize("tries", [pytest.param(count, marks=pytest.mark.campaign), quick])


@tries(360)
def test_a_damaged_description_costs_an_indexing_at_most(tries: int, own: Path, cli: Cli) -> None:
    root = own / ".corpus"
    damage = in_json(json.loads((root / "workspace.json").read_text()))
    sound = kept(root)
    ids = cli("find", own, "--limit", "1", "--json").document["rows"][0]["id"]
    for seed in range(tries):
        damage(root / "workspace.json", random.Random(seed))
        for words in (("info", own), ("show", own, ids), ("mix", own), ("info", root), ("history", root)):
            copes(cli, *words)
        copes(cli, "index", own, "--workers", 0)
        put(root / "workspace.json", sound["workspace.json"])
    assert cli("index", own, "--workers", 0).code == Exit.DONE


@pytest.mark.parametrize("text", [b"\xff\xfe", DEEP.encode(), b'{"format": 1, "files": 3}', b'{"format": true}', b""])
def test_an_index_with_a_damaged_description_is_built_again(text: bytes, own: Path, cli: Cli) -> None:
    put(own / ".corpus" / "workspace.json", text)
    assert cli("index", own, "--workers", 0).code == Exit.DONE
    assert cli("info", own / ".corpus").code == Exit.DONE


@pytest.mark.parametrize("mapping", [{}, {"content": None}, {"content": "no such column"}])
def test_a_description_that_names_no_text_is_said(mapping: dict[str, Any], own: Path, cli: Cli) -> None:
    path = own / ".corpus" / "workspace.json"
    described = json.loads(path.read_text())
    files = {name: {**file, "mapping": mapping} for name, file in described["files"].items()}
    ids = cli("find", own, "--limit", "1", "--json").document["rows"][0]["id"]
    put(path, json.dumps({**described, "files": files}).encode())
    ran = cli("show", own, ids)
    assert ran.code == Exit.REFUSED
    assert "names no column" in ran.err
    assert cli("index", own, "--workers", 0).code == Exit.DONE
    assert cli("show", own, ids).code == Exit.DONE


@tries(200, 4)
def test_a_damaged_marker_deletes_nothing_and_stops_nothing_for_good(tries: int, own: Path, cli: Cli) -> None:
    root = own / ".corpus"
    sound = kept(root)
    for seed in range(tries):
        chance = random.Random(seed)
        put(root / marker.NAME, spoilt(sound[marker.NAME], chance)) if seed % 4 else in_the_way(
            root / marker.NAME, chance
        )
        copes(cli, "info", own)
        copes(cli, "index", own, "--workers", 0)
        put(root / marker.NAME, sound[marker.NAME])
    assert cli("index", own, "--workers", 0).code == Exit.DONE


@tries(1500)
def test_a_damaged_scale_is_named_and_left(tries: int, own: Path, cli: Cli) -> None:
    path = own / ".corpus" / "quality.toml"
    damage = in_toml(QUALITY.read_text())
    ids = cli("find", own, "--limit", "1", "--json").document["rows"][0]["id"]
    for seed in range(tries):
        damage(path, random.Random(seed))
        before = read_raw(path)
        for words in (("show", own, ids), ("mix", own)):
            copes(cli, *words)
        assert read_raw(path) == before
    remove(path)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("caps = 1", "caps cannot be used"),
        ("version = [1]", "version cannot be used"),
        ("[hygiene]\nweight = 1\nsignals = [{ column = [], weight = 1, decay = true }]", "column cannot be used"),
        (f"[hygiene]\nweight = {'9' * 400}\nsignals = [{{}}]", "weight cannot be used"),
        (f"[hygiene]\nweight = {'9' * 5000}\n", "is not valid TOML"),
        ("a = " + "[" * 5000, "nested too deeply"),
        (
            "[hygiene]\nweight = 1\nany = ['content; drop']\nsignals = [{ column = 'functions', weight = 1, log = 5 }]",
            "any",
        ),
    ],
)
def test_a_scale_that_cannot_be_used_is_named(line: str, words: str, own: Path, cli: Cli) -> None:
    put(own / ".corpus" / "quality.toml", line.encode())
    ran = cli("info", own)
    assert ran.code == Exit.WRONG_USE
    assert words in ran.err
    assert "quality.toml" in ran.err


@tries(600)
def test_a_damaged_mix_is_named_and_left(tries: int, own: Path, cli: Cli) -> None:
    path = own / ".corpus" / "mix.toml"
    damage = in_toml(new_text(default_mix()))
    for seed in range(tries):
        damage(path, random.Random(seed))
        before = read_raw(path)
        copes(cli, "mix", own)
        copes(cli, "info", own)
        assert read_raw(path) == before
    remove(path)


@tries(300)
def test_a_damaged_optout_list_is_named_and_left(tries: int, own: Path, cli: Cli) -> None:
    path = own / ".corpus" / "optout.txt"
    for seed in range(tries):
        chance = random.Random(seed)
        if seed % 4:
            put(path, spoilt(b"repo ann/tools\npath *.py # a comment\nid 7\nrepo a/b/[x\n", chance))
        else:
            in_the_way(path, chance)
        copes(cli, "info", own)
    in_the_way(path, random.Random(0))
    ran = cli("mix", own)
    assert ran.code == Exit.WRONG_USE
    assert "optout.txt" in ran.err


@tries(600)
def test_a_damaged_manifest_is_named(tries: int, own: Path, cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "out"
    cli("mix", own, "--gates", "none")
    ran = cli("export", own, "--stage", "fine-tuning", "--budget", "300", "--out", out)
    assert ran.code == Exit.DONE, ran.err
    sound = (out / "manifest.json").read_bytes()
    damage = in_json(json.loads(sound), seal=True)
    ids = [row["id"] for row in cli("find", own, "--limit", "20", "--json").document["rows"]]
    for seed in range(tries):
        chance = random.Random(seed)
        damage(out / "manifest.json", chance)
        copes(cli, "verify", out)
        for sample in chance.sample(ids, 2):
            copes(cli, "why", out, sample)
        assert cli("verify", out).code in (Exit.DONE, Exit.FAILED, Exit.WRONG_USE)
    put(out / "manifest.json", sound)
    shard = next(out.rglob("*.parquet"))
    for _ in range(4):
        in_the_way(shard, random.Random(_))
        copes(cli, "verify", out)
        copes(cli, "why", out, ids[0])


def read_raw(path: Path) -> object:
    """The bytes of a file, or what lies there instead."""
    status = path.lstat()
    return path.read_bytes() if path.is_file() and not path.is_symlink() else (status.st_ino, status.st_mode)


# ---- files that only some pages read


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "w")
    made.prepare()
    marker.begin(made.root)
    return made


@tries(1000, 40)
def test_a_damaged_state_is_forgotten(tries: int, workspace: Workspace) -> None:
    SavedState(filter="tier = 1", history=["a"], sort=["tokens", True]).save(workspace.state)
    document = json.loads(workspace.state.read_text())
    for seed in range(tries):
        with deadline("the state"):
            in_json(document)(workspace.state, random.Random(seed))
            state = SavedState.load(workspace.state)
        assert isinstance(state.filter, str)
        assert isinstance(state.row, int | None)
        state.save(workspace.state)
        remove(workspace.state)


@tries(1000, 40)
def test_damaged_figures_of_exports_are_passed_over(tries: int, workspace: Workspace) -> None:
    points = [
        Point(f"{number:012x}", "2026", "fine-tuning", "Python", "types", 1.0, 0.9, 1.1, "green", "b")
        for number in range(4)
    ]
    record(workspace, points)
    path = workspace.exports / "diversity.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    receipt = {"stage": "fine-tuning", "created": "2026", "origins": {"human": 5, "synthetic": 2}}
    for seed in range(tries):
        chance = random.Random(seed)
        with deadline("the trend"):
            put(path, "\n".join(json.dumps(swapped(dict(line), chance)) for line in lines).encode())
            if seed % 3 == 0:
                in_the_way(path, chance)
            for name in "ab":
                in_json(receipt)(workspace.exports / f"{name}.json", chance)
            assert all(isinstance(point.value, int | float) for point in recorded(workspace))
            trend_sections(workspace)
            kept_section(workspace)


@tries(600, 30)
def test_a_damaged_comparison_counts_as_none(tries: int, workspace: Workspace) -> None:
    told = {"too_small": "", "figures": {"types": [1.0] * 7}, "held": [1.0, 2.0]}
    document = {"sha256": measuring._seal(told), "comparison": told}
    path = workspace.measured / f"{'ab' * 16}.json"
    for seed in range(tries):
        in_json(document)(path.parent.mkdir(exist_ok=True) or path, random.Random(seed))
        with deadline("a comparison"):
            measuring._recall(workspace, "ab" * 16)


@tries(600, 30)
def test_a_damaged_baseline_is_named(tries: int, workspace: Workspace) -> None:
    members = [("a", "0" * 64), ("b", "1" * 64)]
    about = Baseline("people", digest_of(members), "", "2026", 2, 9, {"Python": counts()}, ("small",), 0, 0)
    path = workspace.baselines / "people.parquet"
    sound = json.loads(json.dumps({"format": 1, **about.__dict__}))
    for seed in range(tries):
        chance = random.Random(seed)
        table = pa.table({"id": ["a", "b"], "sha256": ["0" * 64, "1" * 64]})
        odd = spoilt(json.dumps(sound).encode(), chance) if seed % 2 else json.dumps(swapped(dict(sound), chance))
        path.parent.mkdir(exist_ok=True)
        remove(path)
        pq.write_table(table.replace_schema_metadata({b"corpus baseline": odd}), path)
        if seed % 5 == 0:
            put(path, spoilt(path.read_bytes(), chance))
        elif seed % 5 == 1:
            in_the_way(path, chance)
        with deadline("a baseline"):
            for baseline in listed(workspace):
                baseline.caveats("Python")
            with suppress(BadInput):
                load(workspace, "people")


def counts() -> dict[str, int]:
    return {"samples": 2, "tokens": 9, "repositories": 1}


@pytest.mark.parametrize("name", ["index.duckdb", "index.lock", "labels/LOCK", "state.json", "reader.log", "parts"])
def test_a_fifo_in_the_place_of_any_file_is_no_wait(name: str, own: Path, cli: Cli) -> None:
    path = own / ".corpus" / name
    path.parent.mkdir(exist_ok=True)
    remove(path)
    os.mkfifo(path)
    ids = "no such sample"
    for words in (("info", own), ("history", own), ("label", own, "--where", "tier = 1", "--tier", "2"), ("undo", own)):
        copes(cli, *words)
    copes(cli, "similar", own, ids)
    copes(cli, "index", own, "--workers", 0)


def test_a_fifo_among_the_parts_is_no_wait(own: Path, cli: Cli) -> None:
    ids = cli("find", own, "--limit", "1", "--json").document["rows"][0]["id"]
    for part in (own / ".corpus" / "parts").iterdir():
        remove(part)
        os.mkfifo(part)
    copes(cli, "similar", own, ids)
    copes(cli, "index", own, "--workers", 0)


# ---- the reader itself


def test_the_reader_names_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "f"
    cases = {
        b"\xff": "it is not UTF-8 at byte 0, line 1",
        b"{\n}}": r"it is not JSON: Extra data \(line 2\)",
        b"NaN": "it holds NaN, which is not a number",
        b"1e999": "it holds 1e999, which is not a finite number",
        b"1" * 400: "it holds a number of 400 digits",
        DEEP.encode(): "it is nested too deeply",
        b"[" * 70 + b"]" * 70: "it is nested too deeply",
        b'{"a": [{"b": 1}]}': r"a\[0\]\.b is not text",
        b"{}": "a is missing",
        b"[]": "its content is not an object",
    }
    for content, words in cases.items():
        path.write_bytes(content)
        with pytest.raises(Damaged, match=f"^{words}"):
            parse_json(read_text(path), {"a": [{"b": str}]})
    path.write_bytes(b"x" * 100)
    with pytest.raises(Damaged, match="larger than 99 bytes"):
        read_text(path, most=99)
    link = tmp_path / "link"
    link.symlink_to(path)
    assert read_text(link, through_links=True) == "x" * 100
    with pytest.raises(Damaged, match="it is a link"):
        read_text(link)
