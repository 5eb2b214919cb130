import pytest

from ini_parser import IniError, convert, parse


def test_keys_before_any_section_belong_to_the_root():
    assert parse("debug = yes")[""] == {"debug": True}


def test_sections_are_merged():
    text = "[db]\nhost = localhost\n[web]\nport = 80\n[db]\nport = 5432\n"
    assert parse(text)["db"] == {"host": "localhost", "port": 5432}


def test_comments_and_blank_lines_are_ignored():
    assert parse("# nothing\n\n   # here\n") == {"": {}}


@pytest.mark.parametrize(
    ("value", "expected"),
    [("on", True), ("No", False), ("12", 12), ("-3", -3), ('"12"', "12"), ("", "")],
)
def test_convert(value, expected):
    assert convert(value) == expected


def test_garbage_names_the_line():
    with pytest.raises(IniError) as caught:
        parse("[ok]\n???\n")
    assert caught.value.line_number == 2
