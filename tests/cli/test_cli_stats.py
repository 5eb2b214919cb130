"""Pages of statistics without a screen."""

from pathlib import Path
from typing import Any

import pytest

from explorer.stats.jobs import PAGES
from tests.cli.conftest import Cli
from tests.corpora import corpus_of, odd_rows, plenty_rows, row

STORED = ("overview", "quality", "freshness", "licences", "duplicates")
NASTY = "<script>alert(1)</script> [a](http://x) `b` | *c* \x1b[31m $x$ www.evil"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    nasty = [row("x = 1\n" * 12 + f"# {n}\n", language=NASTY, license="MIT", tier=1) for n in range(3)]
    return corpus_of(tmp_path / "corpus", plenty_rows(60), odd_rows(), nasty).base


@pytest.mark.parametrize("name", STORED)
def test_a_page_is_printed_in_every_form(cli: Cli, base: Path, name: str) -> None:
    ran = cli("stats", base, "--page", name)
    assert ran.code == 0
    document = cli("stats", base, "--page", name, "--json").document
    (page,) = document["pages"]
    assert page["name"] == name
    for each in page["sections"]:
        assert each["title"] in ran.out
        if name != "quality":
            for line in each["rows"]:
                assert line["cells"][1] in ran.out
    markdown = cli("stats", base, "--page", name, "--format", "markdown").out
    assert markdown.startswith(f"# {page['title']}\n")
    assert markdown.count("\n## ") == len(page["sections"])


def test_groups_are_set_side_by_side(cli: Cli, base: Path) -> None:
    def groups(*words: object) -> list[dict[str, Any]]:
        return cli("stats", base, *words, "--json").document["groups"]

    def samples(text: str) -> int:
        return cli("find", base, text, "--limit", "0", "--json").document["samples"]

    one, other = groups("tier = 1", "--page", "overview", "--against", "tier = 4")
    assert (one["samples"], other["samples"]) == (samples("tier = 1"), samples("tier = 4"))
    assert one["group"] == {"name": "tier = 1", "filter": "tier = 1"}
    assert one["metrics"]["effective_languages"]["value"] > 0
    by = groups("tokens > 20", "--page", "licences", "--by", "origin")
    assert sum(each["samples"] for each in by) == samples("tokens > 20")
    for each in by:
        assert each["samples"] == samples(each["group"]["filter"])
    every = groups("--page", "all")
    assert len(cli("stats", base, "--page", "all", "--json").document["pages"]) == len(PAGES)
    assert {"quality", "near_duplicate_share", "undated", "effective_licences"} <= set(every[0]["metrics"])


def test_more_values_than_columns_share_one(cli: Cli, tmp_path: Path) -> None:
    rows = [row("x = 1\n" * 12 + f"# {n}\n", language=f"L{n % 9}", tier=1) for n in range(40)]
    base = corpus_of(tmp_path / "corpus", rows).base
    groups = cli("stats", base, "--page", "overview", "--by", "language", "--json").document["groups"]
    assert len(groups) == 6
    assert sum(each["samples"] for each in groups) == 40
    assert groups[-1]["group"]["name"] == "4 others"
    quality = cli("stats", base, "--by", "language", "--json").document["groups"]
    assert len(quality) == 9


def test_markdown_shows_foreign_text_and_nothing_acts(cli: Cli, base: Path) -> None:
    told = cli("stats", base, "--page", "overview", "--format", "markdown").out
    assert "\\<script\\>alert(1)\\</script\\>" in told
    assert "\\[a\\](http\\://x) \\`b\\` \\| \\*c\\*" in told
    assert "\x1b" not in told
    assert "<" not in told.replace("\\<", "")


def test_wrong_use_is_told(cli: Cli, base: Path) -> None:
    assert cli("stats", base, "--page", "nothing").code == 2
    both = cli("stats", base, "--by", "tier", "--against", "tier = 1")
    assert (both.code, "not both" in both.err) == (2, True)
    bad = cli("stats", base, "tier = = 1", "--page", "overview")
    assert (bad.code, bad.out) == (2, "")
    worse = cli("stats", base, "--page", "overview", "--against", "nobody = 1")
    assert (worse.code, "nobody" in worse.err) == (2, True)


def test_a_group_of_nothing_is_no_trouble(cli: Cli, base: Path) -> None:
    for name in STORED:
        ran = cli("stats", base, "tokens < 0", "--page", name)
        assert (ran.code, ran.err) == (0, ""), ran.err
