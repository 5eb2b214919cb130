"""The rule file is read as its comments promise, and the shipped rules judge as the demo needs."""

from pathlib import Path

import pytest

from explorer.errors import BadInput, Exit
from sample_data.tiers import read_rules


@pytest.mark.parametrize(
    ("source", "path", "package", "tier"),
    [
        ("standard-library", "Lib/json/decoder.py", "Python", 1),
        ("standard-library", "Include/object.h", "Python", 1),
        ("standard-library", "Lib/unittest/case.py", "Python", 1),
        ("standard-library", "Lib/turtledemo/clock.py", "Python", 3),
        ("standard-library", "Lib/idlelib/editor.py", "Python", 3),
        ("standard-library", "Lib/test/test_json/test_decode.py", "Python", 4),
        ("standard-library", "Lib/idlelib/idle_test/test_editor.py", "Python", 4),
        ("standard-library", "Lib/unittest/test/test_case.py", "Python", 4),
        ("standard-library", "Lib/encodings/cp1252.py", "Python", 4),
        ("standard-library", "Lib/pydoc_data/topics.py", "Python", 4),
        ("distributions", "numpy/_core/numeric.py", "numpy", 2),
        ("distributions", "numpy/testing/_private/utils.py", "numpy", 2),
        ("distributions", "numpy/_core/tests/test_numeric.py", "numpy", 4),
        ("distributions", "pip/_vendor/rich/console.py", "pip", 4),
        ("distributions", "vendor/thing.py", "thing", 4),
        ("distributions", "streamlit/proto/Alert_pb2.py", "streamlit", 4),
        ("distributions", "page/static/jquery.min.js", "page", 4),
        ("distributions", "pycparser/yacctab/parsetab.py", "pycparser", 4),
        ("distributions", "textual/demo/home.py", "textual", 3),
        ("distributions", "shop/examples/cart.py", "shop", 3),
        ("distributions", "contest.py", "contest", 2),
        ("samples", "python/trie.py", None, 3),
        ("samples", "python/test_money.py", None, 4),
        ("samples", "java/CsvParserTest.java", None, 4),
        ("samples", "ruby/money_spec.rb", None, 4),
        ("samples", "copies/python/trie_copy.py", None, 4),
        ("samples", "odd/empty.py", None, 4),
        ("samples", "go/lru.go", None, None),
    ],
)
def test_the_shipped_rules(source: str, path: str, package: str | None, tier: int | None) -> None:
    verdict = read_rules().judge(source, path, package)
    assert verdict.tier == tier
    assert verdict.reason.strip()


def write(folder: Path, text: str) -> Path:
    path = folder / "rules.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_first_match_wins_and_all_globs_of_a_rule_must_match(tmp_path: Path) -> None:
    rules = read_rules(
        write(
            tmp_path,
            """
            [[rule]]
            package = ["num*", "sci*"]
            path = "*/core/*"
            tier = 1
            reason = "the core of the number packages"

            [[rule]]
            package = "num*"
            tier = 2
            reason = "the rest of them"
            """,
        )
    )
    assert rules.judge("distributions", "core/a.py", "numpy").tier == 1
    assert rules.judge("distributions", "core/a.py", "scipy").tier == 1
    assert rules.judge("distributions", "tools/a.py", "numpy").tier == 2
    assert rules.judge("distributions", "tools/a.py", "scipy").tier is None
    assert rules.judge("distributions", "core/a.py", "Numpy").tier is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rule = 3", "no [[rule]]"),
        ("", "no [[rule]]"),
        ("[[rule", "cannot be read"),
        ("[[rule]]\ntier = 5\nreason = 'x'", "tier is 5"),
        ("[[rule]]\ntier = true\nreason = 'x'", "tier is True"),
        ("[[rule]]\ntier = 1", "no reason"),
        ("[[rule]]\ntier = 1\nreason = ' '", "no reason"),
        ("[[rule]]\npath = 7\nreason = 'x'", "globs"),
        ("[[rule]]\npath = []\nreason = 'x'", "globs"),
        ("[[rule]]\nfolder = 'a'\nreason = 'x'", "'folder'"),
        ("rule = ['a']", "not a [[rule]]"),
        ("[[rule]]\nreason = 'x'\n[[rule]]\ntier = 0\nreason = 'x'", "Rule 2"),
    ],
)
def test_faulty_rules_are_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_rules(write(tmp_path, text))
    assert said in caught.value.title
    assert caught.value.hint
    assert caught.value.exit is Exit.WRONG_USE


def test_a_missing_rule_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_rules(tmp_path / "nowhere.toml")
