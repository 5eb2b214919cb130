"""Addresses of people and machines are found; versions, examples and file names are not."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.safety.personal import AUTHOR_EMAIL, EMAIL, IP_ADDRESS, find_personal

FOUND = {
    "write to jane.doe@mail.org": (EMAIL, "jane.doe@mail.org"),
    "<j_d+news@a.b-c.co.uk>": (EMAIL, "j_d+news@a.b-c.co.uk"),
    "mailto:jane@firm.de.": (EMAIL, "jane@firm.de"),
    "// Copyright (c) 2020 Jane <jane@mail.org>": (AUTHOR_EMAIL, "jane@mail.org"),
    "__author__ = 'Jane (jane@mail.org)'": (AUTHOR_EMAIL, "jane@mail.org"),
    "# Authors:\n#   Jane\n#   Joe <joe@mail.org>": (AUTHOR_EMAIL, "joe@mail.org"),
    '"maintainers": [{"email": "jane@mail.org"}]': (AUTHOR_EMAIL, "jane@mail.org"),
    "host = '81.2.69.142'": (IP_ADDRESS, "81.2.69.142"),
    "81.2.69.142:8080": (IP_ADDRESS, "81.2.69.142"),
    "dns = 5.5.5.5": (IP_ADDRESS, "5.5.5.5"),
    "http://81.2.69.142/x": (IP_ADDRESS, "81.2.69.142"),
    "listen [2a02:8108:1:2::17]:80": (IP_ADDRESS, "2a02:8108:1:2::17"),
    "2A02:8108:0001:0002:0003:0004:0005:0006": (IP_ADDRESS, "2A02:8108:0001:0002:0003:0004:0005:0006"),
}
NOT_FOUND = {
    "jane@example.com": "an example",
    "a@mail.example.org": "an example's host",
    "noreply@github.com": "nobody",
    "123+jane@users.noreply.github.com": "nobody's",
    "git@github.com:owner/repo.git": "a remote",
    "https://bob:hunter2@db.firm.com/": "a password in a URL",
    "@decorator\ndef f(): ...": "a decorator",
    "icon@2x.png": "a file",
    "lodash@4.17.21": "a version",
    "x@y.shape": "a product of matrices",
    "x@y.to(device)": "another",
    "@media.com": "no local part",
    "127.0.0.1 10.1.2.3 192.168.1.1 172.16.0.9 169.254.1.1": "private ranges",
    "192.0.2.7 198.51.100.7 203.0.113.7": "ranges for documentation",
    "0.0.0.0 255.255.255.0 224.0.0.1 240.1.2.3": "reserved ranges",
    "8.8.8.8 and 1.1.1.1": "resolvers that everybody names",
    "1.2.3.4": "a version or a placeholder",
    "x = 7.1.2.9": "as short as a version",
    "version 14.25.36.47": "a version",
    "Chrome/91.0.44.124": "a version",
    "pip install foo==10.20.30.40": "a version",
    "1.3.6.1.4.1.311": "an object identifier",
    "999.1.1.300": "no address",
    "01.02.2003.04": "a date",
    "81.2.69": "three numbers",
    "0 1.52-.87 2.83-2.12 3.51.98.32 2.03.5": "the outline of a drawing",
    "deps: update V8 to 5.9.211.32": "another version",
    "::1 fe80::1 2001:db8::17": "local, or for documentation",
    "2024:12:31 10:20:30": "a date",
    "2001:4860:4860::8888": "a resolver",
    "std::vector<int>::iterator": "a scope",
}
REAL = " jane.doe@mail.org 81.2.69.142 2a02:8108::17 "


@pytest.mark.parametrize(("text", "expected"), FOUND.items())
def test_personal_data_is_found(text: str, expected: tuple[str, str]) -> None:
    (found,) = find_personal(text.encode())

    assert (found.kind, text.encode()[found.start : found.end].decode()) == expected


@pytest.mark.parametrize("text", NOT_FOUND, ids=NOT_FOUND.values())
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert find_personal(text.encode()) == ()


def test_an_author_far_down_signs_only_their_own_line() -> None:
    text = "x = 1\n" * 1000 + "# the author\nmail('joe@mail.org')\n"

    assert [found.kind for found in find_personal(text.encode())] == [EMAIL]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([*FOUND, *NOT_FOUND, " ", "\n", "é", ".", ":", "@", "2a02:", "1."]), max_size=8).map(
        "".join
    )
)
def test_findings_ascend(text: str) -> None:
    found = find_personal(text.encode())

    assert all(before.end <= after.start for before, after in pairwise(found))


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_searched(text: bytes) -> None:
    find_personal(text)


@pytest.mark.parametrize("unit", [b"a@", b"a@b.", b"1.", b"1.1.1.1 ", b"2a02:", b"a.", b"x@y.org ", b"@"])
def test_many_signs_on_one_line_end(unit: bytes) -> None:
    find_personal(unit * (300_000 // len(unit)))


def test_one_line_of_ten_megabytes_is_read() -> None:
    assert len(find_personal(b"x = 1; " * 1_430_000 + REAL.encode())) == 3
