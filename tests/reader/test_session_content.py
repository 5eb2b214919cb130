"""Texts read back from the corpus: bytes, windows, scans, and what happens when the files change."""

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest

from explorer.corpus.workspace import Place
from explorer.errors import BadInput, ExplorerError, Refused
from explorer.job import Cancelled, Job
from explorer.open_corpus import content, scanning, windows
from explorer.open_corpus.session import KEPT_VIEWS, Session
from explorer.selection import Selection
from tests.corpora import corpus_of, indexed, job, odd_rows, write

CopyOf = Callable[[Place], Place]


@pytest.fixture(scope="module")
def copied_place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The odd corpus with its text copied into small row groups of ours."""
    return corpus_of(tmp_path_factory.mktemp("copied") / "odd", odd_rows(), content="copy")


@pytest.fixture(params=["source", "copy"])
def texts(request: pytest.FixtureRequest, odd_place: Place, copied_place: Place) -> Iterator[Session]:
    session = Session(odd_place if request.param == "source" else copied_place)
    yield session
    session.close()


def matched(session: Session) -> set[str]:
    with session.cursor(job()) as cursor:
        found = cursor.execute("select table_name from duckdb_tables() where table_name like 'matched%'").fetchall()
    return {name for (name,) in found}


def rows_of(session: Session, text: str, asked: Job | None = None) -> list[int]:
    view = session.show_view(asked or job(), Selection(text))
    return [row for _, row in session.page(job(), view.number, 0, 10_000, ["row"])]


def test_every_content_is_the_corpus_bytes(texts: Session) -> None:
    assert [texts.content.read(row) for row in range(texts.samples)] == [row["content"] or b"" for row in odd_rows()]


def test_every_row_is_located_where_it_stands(odd: Session) -> None:
    places = [odd.content.locate(row) for row in range(odd.samples)]
    assert [(place.file, place.row_group, place.row) for place in places] == [
        (f"part-{row // 60}.parquet", row % 60 // 25, row % 60 % 25) for row in range(odd.samples)
    ]
    for row in (-1, odd.samples):
        with pytest.raises(IndexError):
            odd.content.locate(row)


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("content like '%plain%'", lambda text, row: "plain" in text),
        ("content ~ 'twin' and tier = 4", lambda text, row: "twin" in text and row["tier"] == 4),
        ("length(content) = 0", lambda text, row: not text),
        ("contains(content, chr(8232)) or tier = 1", lambda text, row: "\u2028" in text or row["tier"] == 1),
        ("contains(content, chr(0))", lambda text, row: "\0" in text),
        ("contains(content, chr(65533))", lambda text, row: "\ufffd" in text),
        ("content like '%nowhere to be found%'", lambda text, row: False),
        ("content is null", lambda text, row: False),
    ],
)
def test_a_clause_on_content_finds_what_python_finds(
    texts: Session, text: str, passes: Callable[[str, dict[str, Any]], bool]
) -> None:
    contents = [((row["content"] or b"").decode("utf-8", "replace"), row) for row in odd_rows()]
    assert rows_of(texts, text) == [number for number, known in enumerate(contents) if passes(*known)]


def test_a_scan_tells_how_far_it_is(odd: Session) -> None:
    reports: list[dict[str, Any]] = []
    found = rows_of(odd, "content like '%plain%' and path is not null", job(reports=reports))
    steps = [report for report in reports if "rows_done" in report]
    assert [step["rows_done"] for step in steps] == sorted({step["rows_done"] for step in steps})
    assert steps[-1] == {"rows_done": steps[-1]["rows"], "rows": steps[-1]["rows"], "matches": steps[-1]["matches"]}
    assert steps[-1]["matches"] >= len(found)
    assert {report["file"] for report in reports if "file" in report} == {"part-0.parquet", "part-1.parquet"}


def test_a_scan_reads_only_row_groups_with_candidates(odd: Session) -> None:
    reports: list[dict[str, Any]] = []
    assert rows_of(odd, "content like '%' and row = 70", job(reports=reports)) == [70]
    assert [report["rows"] for report in reports if "rows" in report] == [25]


def test_a_cancelled_scan_leaves_no_table(odd: Session) -> None:
    class Impatient(Job):
        def report(self, progress: Any) -> None:
            if progress.get("rows_done"):
                self.cancel()

    with pytest.raises(Cancelled):
        odd.show_view(Impatient(), Selection("content like '%a%'"))
    assert not matched(odd)
    assert rows_of(odd, "content like '%plain%'")


def test_matches_beyond_the_latest_are_dropped(odd: Session) -> None:
    for number in range(KEPT_VIEWS + 3):
        rows_of(odd, f"content like '%{number}%'")
    assert len(matched(odd)) == KEPT_VIEWS


def test_view_and_counts_share_one_scan(odd: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    scans: list[int] = []
    scan = scanning.scan_content

    def slow(*args: Any) -> int:
        scans.append(1)
        time.sleep(0.1)
        return scan(*args)

    monkeypatch.setattr(scanning, "scan_content", slow)
    wish = Selection("content like '%plain%'")
    answers: list[int] = []
    asks = [lambda: odd.show_view(job(), wish).rows, lambda: odd.totals(job(), wish).samples]
    threads = [threading.Thread(target=lambda ask=ask: answers.append(ask())) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(scans) == 1
    assert answers[0] == answers[1] > 0


def test_a_clause_that_mixes_content_and_labels_follows_the_labels(odd: Session) -> None:
    text = "content like '%nowhere%' or verdict = 'drop'"
    assert rows_of(odd, text) == []
    known = odd.sample(job(), 4)
    odd.set_labels(job(), [{"id": known["id"], "sha256": known["sha256"], "verdict": "drop"}])
    assert rows_of(odd, text) == [4]
    assert rows_of(odd, "content like '%' and verdict = 'drop'") == [4]


def test_windows_hand_out_every_line(texts: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "MAX_LINES", 7)
    monkeypatch.setattr(windows, "MAX_LINE", 100)
    opened = texts.windows
    for row, written in enumerate(odd_rows()):
        content = written["content"] or b""
        lines = content.decode("utf-8", "replace").removesuffix("\n").split("\n")
        shown: list[str] = []
        while len(shown) < len(lines):
            answer = opened.window(job(), row, len(shown) + 1)
            assert (answer.total_lines, answer.bytes) == (len(lines), len(content))
            assert answer.is_utf8 == (b"\xff" not in content)
            assert answer.is_ended == content.endswith(b"\n")
            assert answer.cut == {
                number: len(lines[number - 1])
                for number in range(len(shown) + 1, len(shown) + 1 + len(answer.lines))
                if len(lines[number - 1]) > 100
            }
            shown += answer.lines
        assert shown == [line[:100] for line in lines]


def test_a_window_beyond_the_end_is_empty(odd: Session) -> None:
    opened = odd.windows
    assert opened.window(job(), 0, 10**9).lines == ()
    with pytest.raises(BadInput):
        opened.window(job(), odd.samples)


def test_the_next_line_is_found_around_the_end(tmp_path: Any) -> None:
    from tests.corpora import row

    session = Session(corpus_of(tmp_path / "c", [row("one\ntwo\nthree TWO\nfour\n", path="a.py")]))
    opened = session.windows

    def find(pattern: str, line: int, **more: Any) -> Any:
        return opened.find_line(job(), 0, pattern, line, **more)

    assert [find("two", line) for line in (0, 1, 2, 3, 99)] == [2, 2, 3, 2, 2]
    assert [find("two", line, backwards=True) for line in (1, 2, 3, 4, 99)] == [3, 3, 2, 3, 3]
    assert find("TWO", 1) == 3
    assert find("t.o$", 2, is_regex=True) == 3
    assert find("t.o$", 2) is None
    with pytest.raises(BadInput, match="no regular expression"):
        find("(", 1, is_regex=True)
    session.close()


def replaced(place: Place, name: str) -> None:
    write(place.base / name, odd_rows()[::-1])


def touched(place: Place, name: str) -> None:
    os.utime(place.base / name, ns=(1, 1))


def deleted(place: Place, name: str) -> None:
    (place.base / name).unlink()


def truncated(place: Place, name: str) -> None:
    os.truncate(place.base / name, 100)


@pytest.mark.parametrize("change", [replaced, touched, deleted, truncated])
def test_a_changed_file_is_refused(odd_place: Place, copy_of: CopyOf, change: Callable[[Place, str], None]) -> None:
    place = copy_of(odd_place)
    session = Session(place)
    change(place, "part-0.parquet")
    for call in (
        lambda: session.content.read(3),
        lambda: rows_of(session, "content like '%a%'"),
        lambda: session.windows.window(job(), 3),
    ):
        with pytest.raises(Refused) as caught:
            call()
        assert "part-0.parquet" in caught.value.title
        assert caught.value.hint
    assert session.content.read(70) == odd_rows()[70]["content"]
    assert session.totals(job(), Selection("tier = 1")).samples
    session.close()


def test_damage_inside_a_file_is_told(odd_place: Place, copy_of: CopyOf) -> None:
    place = copy_of(odd_place)
    path = place.base / "part-0.parquet"
    status = path.stat()
    damaged = bytearray(path.read_bytes())
    damaged[4:400] = b"\xff" * 396
    path.write_bytes(damaged)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    session = Session(place)
    with pytest.raises(ExplorerError, match=r"part-0\.parquet cannot be read"):
        session.content.read(3)
    session.close()


def test_a_lost_copy_is_told(tmp_path: Any) -> None:
    place = corpus_of(tmp_path / "c", odd_rows(), content="copy")
    session = Session(place)
    for copy in place.workspace.content.iterdir():
        copy.write_bytes(b"PAR1 nonsense PAR1")
    with pytest.raises(ExplorerError, match="cannot be read"):
        session.content.read(3)
    session.close()
    assert indexed(place.base, content="copy") == place


@pytest.mark.parametrize("damage", ["absent", "empty", "garbage", "cut", "flipped", "emptied"])
def test_an_index_that_cannot_be_used_is_told(odd_place: Place, copy_of: CopyOf, damage: str) -> None:
    place = copy_of(odd_place)
    index = place.workspace.index
    if damage == "absent":
        index.unlink()
    elif damage in ("empty", "garbage"):
        index.write_bytes(b"" if damage == "empty" else b"no database" * 5000)
    elif damage == "cut":
        os.truncate(index, index.stat().st_size // 3)
    elif damage == "flipped":
        content = bytearray(index.read_bytes())
        content[4096::997] = bytes(byte ^ 0x55 for byte in content[4096::997])
        index.write_bytes(content)
    else:
        import duckdb

        index.unlink()
        with duckdb.connect(str(index)) as connection:
            connection.execute("create table something_else (x integer)")
    with pytest.raises(ExplorerError) as caught:
        Session(place)
    assert "corpus index" in caught.value.hint
    assert str(place.base) in caught.value.title


@pytest.mark.parametrize(
    "error",
    [
        PermissionError(errno.EACCES, os.strerror(errno.EACCES)),
        OSError(errno.EMFILE, os.strerror(errno.EMFILE)),
        FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)),
        pa.ArrowMemoryError("malloc of size 1 failed"),
    ],
    ids=["denied", "too many files", "gone", "memory"],
)
def test_a_machine_that_refuses_asks_for_no_deletion(
    copied_place: Place, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: Any) -> Any:
        raise error

    session = Session(copied_place)
    monkeypatch.setattr(content.pq, "ParquetFile", fail)
    with pytest.raises(ExplorerError, match="cannot be read") as caught:
        session.content.read(0)
    session.close()
    assert "elete" not in str(caught.value)
