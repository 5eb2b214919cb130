"""Wrong calls and broken files: one sentence on stderr, nothing on stdout, the right code, never a traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from explorer.corpus.workspace import Place
from tests.cli.conftest import Cli, Ran
from tests.corpora import odd_rows, write

ROOT = Path(__file__).parents[2]


def complains(ran: Ran, code: int, words: str = "") -> None:
    """A complaint: a sentence, no traceback, and not a byte where a script reads."""
    assert (ran.code, ran.out) == (code, ""), ran.err
    assert "Traceback" not in ran.err
    assert "corpus: " in ran.err
    assert words in ran.err


WRONG = (
    (("nope",), "neither a command nor a path"),
    (("nope/*.parquet",), "neither a command nor a path"),
    (("[nope]",), "neither a command nor a path"),
    (("{base}/*.parquet",), "needs a terminal"),
    (("inf",), "Did you mean `corpus info`?"),
    (("info",), "Missing argument 'PATH'"),
    (("info", "{base}/nothing"), "There is no"),
    (("info", "{base}", "--bogus"), "No such option"),
    (("info", "{base}/*.nothing"), "is that of **/*.parquet, not of *.nothing"),
    (("find", "{base}", "tier = = 1"), "syntax error"),
    (("find", "{base}", "nothing = 1"), 'no column "nothing"'),
    (("find", "{base}", "1; drop table samples"), ""),
    (("find", "{base}", "read_text('/etc/passwd') = ''"), ""),
    (("find", "{base}", "tier"), ""),
    (("find", "{base}", "path ~ '('"), ""),
    (("find", "{base}", "cast(path as integer) = 1"), "fails on some samples"),
    (("find", "{base}", "--columns", "id,nothing"), "no column 'nothing'"),
    (("find", "{base}", "--columns", "id,,path"), "no column ''"),
    (("find", "{base}", "--sort", "nothing"), 'no column "nothing"'),
    (("find", "{base}", "--limit", "-1"), "Invalid value"),
    (("find", "{base}", "--format", "xml"), "Invalid value"),
    (("show", "{base}", "nobody"), "no sample with the id 'nobody'"),
    (("show", "{base}"), "Missing argument 'ID'"),
    (("label", "{base}", "--tier", "1"), "--where FILTER or by --ids FILE"),
    (("label", "{base}", "--where", "true", "--ids", "{ids}", "--tier", "1"), "--where FILTER or by --ids FILE"),
    (("label", "{base}", "--where", " ", "--tier", "1"), "--where is empty"),
    (("label", "{base}", "--where", "true"), "Nothing to decide"),
    (("label", "{base}", "--where", "true", "--tier", "5"), "Invalid value"),
    (("label", "{base}", "--where", "true", "--tier", "1", "--clear"), "--clear goes alone"),
    (("label", "{base}", "--where", "true", "--tier", "1", "--note", "n" * 20_000), "The note has"),
    (("label", "{base}", "--ids", "{ids}", "--tier", "1"), "not in the corpus"),
    (("label", "{base}", "--ids", "{bytes}", "--tier", "1"), "not UTF-8"),
    (("label", "{base}", "--ids", "{base}/none", "--tier", "1"), "does not exist"),
    (("undo", "{base}/nothing"), "There is no"),
    (("history", "{base}", "--limit", "0"), "Invalid value"),
    (("mix", "{base}", "--preset", "nothing"), "nothing"),
    (("mix", "{base}", "--weight", "1=50"), "need --stage"),
    (("mix", "{base}", "--stage", "fine-tuning", "--weight", "1=abc"), "is no weight"),
    (("mix", "{base}", "--stage", "fine-tuning", "--weight", "7=10"), "is no weight"),
    (("mix", "{base}", "--stage", "fine-tuning", "--weight", "1=nan"), "is no weight"),
    (("mix", "{base}", "--stage", "nothing", "--budget", "5"), "There is no stage"),
    (("mix", "{base}", "--stage", "fine-tuning", "--budget", "much"), "is no budget"),
    (("mix", "{base}", "--stage", "fine-tuning", "--budget", "nan"), "is no budget"),
    (("export", "{base}", "--stage", "nothing", "--out", "{away}"), "There is no stage"),
    (("export", "{base}", "--stage", "fine-tuning", "--out", "{away}", "--format", "mds"), "no format"),
    (("export", "{base}", "--stage", "fine-tuning", "--out", "{away}", "--format", ","), "no format"),
    (("export", "{base}", "--stage", "fine-tuning", "--out", "{base}/mix"), "inside the corpus"),
    (("export", "{base}", "--stage", "fine-tuning", "--out", "{base}/.corpus/mix"), "inside the workspace"),
    (("export", "{base}", "--stage", "fine-tuning", "--out", "{ids}"), "exists already"),
    (("export", "{base}", "--stage", "fine-tuning"), "Missing option '--out'"),
    (("verify", "{base}"), "holds no export"),
    (("verify", "{away}"), "holds no export"),
    (("why", "{base}", "x"), "holds no export"),
    (("index", "{base}/nothing"), "There is no"),
    (("index", "{base}", "--map", "content"), "is no pair"),
    (("open", "{base}"), "needs a terminal"),
    (("{base}",), "needs a terminal"),
)


@pytest.mark.parametrize("with_json", [False, True], ids=["plain", "json"])
def test_wrong_use_is_told_and_changes_nothing(cli: Cli, own: Path, tmp_path: Path, with_json: bool) -> None:
    places = {"base": own, "ids": tmp_path / "ids", "bytes": tmp_path / "bytes", "away": tmp_path / "away"}
    places["ids"].write_text("nobody\n")
    places["bytes"].write_bytes(b"\xff\n")
    before = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    for words, expected in WRONG:
        filled = [word.format(**places) if "{" in word else word for word in words]
        more = (
            ["--json"] if with_json and words[0] in ("find", "label", "mix", "export", "show", "info", "verify") else []
        )
        complains(cli(*filled, *more), 2, expected)
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == before


@pytest.mark.parametrize("command", ["info", "find", "show", "label", "mix", "export"])
def test_a_corpus_without_index_is_told(cli: Cli, tmp_path: Path, command: str) -> None:
    write(tmp_path / "a.parquet", odd_rows())
    more = {
        "show": ["x"],
        "label": ["--where", "true", "--tier", "1"],
        "export": ["--stage", "fine-tuning", "--out", str(tmp_path / "out")],
    }
    complains(cli(command, tmp_path / "a.parquet", *more.get(command, [])), 2, "a.parquet is not indexed yet")
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def garbage(place: Path) -> None:
    (place / ".corpus" / "index.duckdb").write_bytes(b"nonsense" * 1000)


def cut_off(place: Path) -> None:
    path = place / ".corpus" / "index.duckdb"
    os.truncate(path, path.stat().st_size // 2)


def bad_blocks(place: Path) -> None:
    path = place / ".corpus" / "index.duckdb"
    content = bytearray(path.read_bytes())
    content[20_000::500] = b"\x00" * len(content[20_000::500])
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [garbage, cut_off, bad_blocks])
def test_a_damaged_index_is_told(cli: Cli, own: Path, damage: Callable[[Path], None]) -> None:
    damage(own)
    for words in (("info", own), ("find", own, "tier = 1", "--json"), ("mix", own)):
        complains(cli(*words), 1, "corpus index")


@pytest.mark.parametrize(
    "content", [b"\xff\x00", b"a = [", b"stages = 5", b'[stages.fine-tuning]\nbudget = "x"\n', b"x" * 10_000_000]
)
def test_a_damaged_mix_is_told(cli: Cli, own: Path, tmp_path: Path, content: bytes) -> None:
    mix = own / ".corpus" / "mix.toml"
    mix.write_bytes(content)
    complains(cli("mix", own, "--json"), 2, "mix.toml")
    complains(cli("export", own, "--stage", "fine-tuning", "--out", tmp_path / "out"), 2, "mix.toml")
    assert mix.read_bytes() == content
    assert not (tmp_path / "out").exists()


def test_a_damaged_receipt_is_told(cli: Cli, own: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert cli("export", own, "--stage", "fine-tuning", "--budget", "900", "--out", out).code == 0
    manifest = out / "manifest.json"
    document = json.loads(manifest.read_text())
    document["rows"] += 1
    manifest.write_text(json.dumps(document))
    ran = cli("verify", out, "--json")
    assert ran.code == 1
    assert ran.document["ok"] is False
    assert ran.document["problems"]
    assert cli("verify", out).code == 1
    complains(cli("why", out, "x"), 1, "was changed")
    manifest.write_text("{")
    complains(cli("verify", out), 2, "not JSON")


def test_a_changed_corpus_is_refused(cli: Cli, own: Path, tmp_path: Path) -> None:
    write(own / "part-0.parquet", odd_rows()[::-1])
    (line,) = cli("find", own, "row = 3", "--json").document["rows"]
    complains(cli("show", own, line["id"]), 3, "has changed since it was indexed")
    complains(cli("find", own, "content like '%a%'"), 3, "has changed since it was indexed")
    complains(cli("export", own, "--stage", "fine-tuning", "--out", tmp_path / "out"), 3, "has changed")
    assert not (tmp_path / "out").exists()


def test_a_mix_that_draws_nothing_is_refused(cli: Cli, own: Path, tmp_path: Path) -> None:
    words = ("export", own, "--stage", "fine-tuning", "--out", tmp_path / "out")
    assert cli("label", own, "--where", "true", "--verdict", "drop").code == 0
    complains(cli(*words), 3, "draws nothing")


def test_an_unforeseen_error_is_a_sentence_without_samples(
    cli: Cli, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise LookupError("secret text of a sample")

    monkeypatch.setattr("explorer.cli.look.info", fail)
    ran = cli("info", own)
    complains(ran, 1, "nobody foresaw: LookupError in test_cli_troubles.py")
    assert "secret" not in ran.err
    monkeypatch.setattr(
        "explorer.cli.look.info", lambda corpus: (_ for _ in ()).throw(PermissionError(13, "No", "x\x1b"))
    )
    complains(cli("info", own), 1, "The system refused: No (x␛)")


def corpus(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a shell starts it."""
    return subprocess.run(
        [sys.executable, "-m", "explorer", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_and_version_go_to_stdout(cli: Cli) -> None:
    for words in (("--help",), ("-h",), ("--version",), ("find", "--help")):
        ran = cli(*words)
        assert ran.code == 0
        assert ran.out
        assert not ran.err
    ran = cli()
    assert (ran.code, ran.out) == (2, "")
    assert "Commands:" in ran.err


def test_a_reader_that_stops_reading_ends_the_command_quietly(odd_place: Place) -> None:
    find = f"'{sys.executable}' -m explorer find '{odd_place.base}' --limit 0 --columns id,content --format jsonl"
    ran = subprocess.run(
        ("bash", "-c", f"set -o pipefail; {find} | head -1"), cwd=ROOT, capture_output=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.count(b"\n") == 1


def test_a_terminal_without_utf_8_gets_what_it_can_show(odd_place: Place) -> None:
    ran = corpus("find", odd_place.base, "--columns", "path,content", "--format", "csv", PYTHONIOENCODING="ascii")
    assert ran.returncode == 0
    assert ran.stdout.isascii()


COMPLETIONS = (
    ("corpus ex", 1, {"plain,export"}),
    ("corpus ", 1, {"plain,info", "plain,find", "plain,mix", "plain,why"}),
    ("corpus --v", 1, {"plain,--version"}),
    ("corpus ./da", 1, {"file,./da"}),
    ("corpus info da", 2, {"file,da"}),
    ("corpus export x --stage p", 4, {"plain,pre-training"}),
    ("corpus export x --out da", 4, {"file,da"}),
    ("corpus mix x --preset bl", 4, {"plain,blended"}),
    ("corpus find x --format j", 4, {"plain,jsonl"}),
    ("corpus verify da", 2, {"file,da"}),
)


@pytest.mark.parametrize(("line", "word", "expected"), COMPLETIONS)
def test_the_shell_completes(line: str, word: int, expected: set[str]) -> None:
    program = (
        "import sys; from explorer.cli import run; sys.argv[0] = 'corpus'\n"
        "try: run([])\n"
        "finally: print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "_CORPUS_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(word)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert expected <= set(ran.stdout.split("\n"))
    assert not {"duckdb", "pyarrow", "numba", "numpy", "textual"} & set(ran.stderr.split())


def test_completion_can_be_installed() -> None:
    for shell in ("bash", "zsh", "fish"):
        ran = corpus(_CORPUS_COMPLETE=f"{shell}_source")
        if shell == "bash" and "Bash version" in ran.stderr:
            continue
        assert ran.returncode == 0
        assert "_CORPUS_COMPLETE" in ran.stdout
