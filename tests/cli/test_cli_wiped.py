"""A slice that loses most of its tokens to near-duplicates is named without being asked for."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.cli.conftest import Cli
from tests.families import words
from tests.index.corpora import rows, write

LONG = words("exercise", 0, 400)


def corpus(folder: Path) -> Path:
    texts = [f"{LONG} and number {number}" for number in range(30)]
    texts += [words("others", number * 500, number * 500 + 90) for number in range(24)]
    repos = ["synth/set"] * 30 + [f"o/r{number % 3}" for number in range(24)]
    tiers = [3] * 30 + [2] * 24
    write(folder / "a.parquet", {"content": texts, "repo": repos, "tier": tiers, "license": ["MIT"] * 54})
    return folder


def wiped(workspace: Path) -> set[str]:
    """The slices of at least 20 samples that lose more than half of their tokens, by the definition."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    sample: dict[str, Any]
    for sample in rows(workspace):
        for name in ("tier", "language", "repo", "origin"):
            missing = "unknown" if name == "origin" else "none"
            found = sums[f"{name} {missing if sample[name] is None else sample[name]}"]
            found[0] += 1
            found[1] += sample["tokens"]
            found[2] += sample["tokens"] * sample["redundant"]
    return {name for name, (samples, tokens, lost) in sums.items() if samples >= 20 and 2 * lost > tokens}


def test_what_near_duplicates_wipe_out_is_named_by_info_mix_and_export(cli: Cli, tmp_path: Path) -> None:
    base = corpus(tmp_path / "c")
    assert cli("index", base, "--workers", 0, "--tokens", "estimate").code == 0
    assert cli("mix", base, "--gates", "none").code == 0
    expected = wiped(base / ".corpus")
    assert {"tier 3", "repo synth/set"} <= expected
    for ran in (cli("info", base), cli("mix", base)):
        named = {line.partition(":")[0] for line in ran.out.splitlines() if "near-duplicates leave out" in line}
        assert named == expected
    assert len(cli("info", base, "--json").document["wiped"]) == len(expected)
    assert len(cli("mix", base, "--json").document["wiped"]) == len(expected)
    ran = cli("export", base, "--stage", "pre-training", "--out", tmp_path / "out")
    assert (ran.code, "repo synth/set: near-duplicates leave out 29 of 30 samples" in ran.err) == (0, True)
