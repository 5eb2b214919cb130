"""No control character of a corpus leaves in what people read, piped or not, unless `--raw` asks for it."""

import json
import re
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.cli.output import _harmless, json_text
from explorer.corpus.workspace import Place, locate
from tests.cli.conftest import Cli
from tests.corpora import corpus_of, row

CODES = "\x1b]0;x\x07 \x1b[2J \x9b31m \x85 \u202e \u200b \x08 \x7f \x00"
KEPT = frozenset("\n\t")
texts = st.text(st.characters() | st.sampled_from("\r\n\t\x1b\x9b\x7f\u202e"), max_size=80)


def acting(text: str) -> set[str]:
    """The characters of a text that a terminal could act on or hide; ends of lines and tabs are not among them."""
    plain = re.sub("\r?\n", "\n", text)
    categories = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    return {character for character in plain if unicodedata.category(character) in categories} - KEPT


@given(texts)
def test_nothing_in_a_pipe_acts_and_nothing_is_cut(text: str) -> None:
    shown = _harmless(text, is_terminal=False)
    assert not acting(shown)
    assert re.findall("\r?\n|\t", shown) == re.findall("\r?\n|\t", text)
    long = text + "x" * 10_000
    assert _harmless(long, is_terminal=False).endswith("x" * 10_000)


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]) | st.sampled_from("\n\t")))
def test_plain_text_is_piped_as_it_is(text: str) -> None:
    assert _harmless(text, is_terminal=False) == text


@given(texts)
def test_json_is_printable_and_says_the_same(text: str) -> None:
    written = json_text({text: [text]})
    assert written.isascii()
    assert written.isprintable()
    assert json.loads(written) == {text: [text]}


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A corpus whose every text holds control characters, with two near-duplicates."""
    words = " ".join(f"word{number}" for number in range(200))
    rows = [
        row(
            f"{words} {number}\n{CODES}\r\nlone \r return\n",
            path=f"{number}{CODES}.py",
            repo=f"r{CODES}",
            language=f"L{CODES}",
            license=f"MIT{CODES}",
            tier=1 + number % 2,
        )
        for number in range(4)
    ]
    return corpus_of(tmp_path_factory.mktemp("nasty") / "nasty", rows)


def calls(place: Place, sample: str, cluster: str) -> Iterator[tuple[object, ...]]:
    base = place.base
    columns = "id,repo,path,language,license,note,content"
    yield "info", base
    for form in ("table", "csv", "jsonl"):
        yield "find", base, "--columns", columns, "--format", form
    yield from (("show", base, sample), ("similar", base, sample), ("clusters", base), ("cluster", base, cluster))
    yield from (("stats", base, "--page", "all"), ("stats", base, "--page", "overview", "--format", "markdown"))
    yield from (("history", base), ("mix", base), ("label", base, "--where", "true", "--note", f"n{CODES}"))
    yield from (("find", base, CODES), ("show", base, f"no{CODES}"), ("open", f"/no/{CODES}"))


def test_no_command_lets_a_control_character_out(cli: Cli, nasty: Place, tmp_path: Path) -> None:
    place = locate(str(shutil.copytree(nasty.base, tmp_path / "c")))
    sample = cli("find", place.base, "--format", "jsonl", "--columns", "id").out.split('"')[3]
    cluster = str(cli("clusters", place.base, "--json").document["clusters"][0]["cluster"])
    ran = {call: cli(*call) for call in calls(place, sample, cluster)}
    left = {" ".join(map(str, call)): acting(each.out + each.err) for call, each in ran.items()}
    assert {call: found for call, found in left.items() if found} == {}
    assert "␛" in ran["show", place.base, sample].out
    again = cli("history", place.base)
    assert not acting(again.out + again.err)


def test_raw_prints_what_the_corpus_holds(cli: Cli, nasty: Place) -> None:
    sample = cli("find", nasty.base, "row = 0", "--format", "jsonl", "--columns", "id").out.split('"')[3]
    shown = cli("show", nasty.base, sample, "--raw").out
    assert f"{CODES}\r\nlone \r return\n" in shown
    assert CODES in cli("find", nasty.base, "--columns", "content", "--format", "csv", "--raw").out
