"""Licences: classes of expressions, what file heads and licence files say, and how claims are weighed."""

from importlib.metadata import distributions
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.signals.evidence.decision import NearestLicence, decide
from explorer.signals.evidence.headers import read_header
from explorer.signals.evidence.licence_files import is_licence_file, read_licence_file
from explorer.signals.evidence.phrases import HEADER_PHRASES, TEXT_PHRASES
from explorer.signals.licences import CLASSES, read_licence

BY_CLASS = {
    "permissive": "0BSD AFL-1.1 AFL-1.2 AFL-2.0 AFL-3.0 Apache-1.0 Apache-1.1 Apache-2.0 JSON AFL-2.1 BSD-1-Clause BSD-2-Clause BSD-3-Clause BSD-4-Clause "
    "BSL-1.0 CC-BY-3.0 CC-BY-4.0 curl ECL-2.0 FTL HPND ICU IJG ISC Libpng MIT MIT-0 MS-PL MulanPSL-2.0 NCSA "
    "OLDAP-2.8 Zend-2.0  OpenSSL PHP-3.01 PostgreSQL PSF-2.0 Python-2.0 TCL Unicode-DFS-2016 UPL-1.0 W3C X11 "
    "Xnet Zlib zlib-acknowledgement ZPL-2.1",
    "public domain": "CC0-1.0 Unlicense WTFPL blessing",
    "weak copyleft": "LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later MPL-1.0 "
    "MPL-1.1 MPL-2.0 EPL-1.0 EPL-2.0 CDDL-1.0 CDDL-1.1 CPL-1.0 IPL-1.0 Artistic-1.0-Perl Artistic-2.0 CC-BY-SA-4.0 EUPL-1.2 MS-RL OFL-1.1 "
    "QPL-1.0",
    "copyleft": "GPL-1.0-only GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later AGPL-3.0-only AGPL-3.0-or-later "
    "OSL-3.0 Sleepycat Vim ErlPL-1.1",
    "source available": "BUSL-1.1 Elastic-2.0 SSPL-1.0 CC-BY-NC-4.0 CC-BY-NC-SA-4.0",
    "unknown": "NOASSERTION nonsense whatever-you-like",
}
COMBINED = [
    ("MIT OR GPL-3.0-only", "permissive"),
    ("MIT AND GPL-3.0-only", "copyleft"),
    ("GPL-2.0-only OR MPL-2.0", "weak copyleft"),
    ("(MIT OR GPL-2.0-only) AND MPL-2.0", "weak copyleft"),
    ("GPL-2.0-only WITH Classpath-exception-2.0", "copyleft"),
    ("Apache-2.0 WITH LLVM-exception", "permissive"),
    ("CC0-1.0 OR MIT", "public domain"),
    ("MIT AND BUSL-1.1", "source available"),
    ("mit", "permissive"),
    ("Apache 2", "permissive"),
    ("MIT OR", "unknown"),
    ("", "unknown"),
]
CASES = [(name, kind) for kind, names in BY_CLASS.items() for name in names.split()] + COMBINED


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_expression_has_its_class(text: str, expected: str) -> None:
    assert read_licence(text).license_class == expected


def test_a_hundred_expressions_are_held() -> None:
    assert len(CASES) >= 100
    assert {kind for _, kind in CASES} == set(CLASSES)


def commented(words: tuple[str, ...]) -> bytes:
    """A head as files have it: commented, its lines broken somewhere."""
    text = " ".join(words).title().replace(" ", "\n# ", 3)
    return f"#!/usr/bin/env python\n# {text}\n\nimport os\n".encode()


@pytest.mark.parametrize("phrase", HEADER_PHRASES, ids=lambda phrase: f"{phrase.expression}-{phrase.words[0][:20]}")
def test_a_head_is_known_by_its_words(phrase: object) -> None:
    found = read_header(commented(phrase.words))  # pyright: ignore
    assert found is not None
    assert found.expression == phrase.expression  # pyright: ignore


def test_thirty_licences_are_known_by_their_heads() -> None:
    assert len({phrase.expression for phrase in HEADER_PHRASES}) >= 30
    assert all(read_licence(phrase.expression).license_class != "unknown" for phrase in (*HEADER_PHRASES, *TEXT_PHRASES))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"// SPDX-License-Identifier: MIT\n", "MIT"),
        (b"/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */", "GPL-2.0-only WITH Linux-syscall-note"),
        (b"# SPDX-License-Identifier: (MIT OR Apache-2.0)\r\n", "(MIT OR Apache-2.0)"),
        (b"<!-- SPDX-License-Identifier: Apache-2.0 -->", "Apache-2.0"),
        (b"__license__ = 'SPDX-License-Identifier: ISC'", "ISC"),
        (b"# Copyright 2020 Somebody. All rights reserved.\n", "LicenseRef-scancode-proprietary-license"),
        (b"# Copyright 2020 Somebody. All rights reserved.\n# See LICENSE.\n", None),
        (b"\n" * 40 + b"# SPDX-License-Identifier: MIT\n", None),
        (b"\n" * 39 + b"# SPDX-License-Identifier: MIT\n", "MIT"),
        (b"import os\n", None),
        (b"", None),
    ],
)
def test_a_head_names_its_licence(head: bytes, expected: str | None) -> None:
    found = read_header(head)
    assert (found and found.expression) == expected


def test_licence_files_that_are_installed_are_known() -> None:
    known = {"click": "BSD-3-Clause", "textual": "MIT", "requests": "Apache-2.0", "hypothesis": "MPL-2.0", "numba": "BSD-2-Clause"}
    told = {}
    for found in distributions():
        name = found.metadata["Name"].lower()
        for file in found.files or () if name in known else ():
            if ".dist-info/" in str(file) and is_licence_file(str(file)):
                told.setdefault(name, read_licence_file(Path(str(found.locate_file(file))).read_bytes()))
    assert {name: answer and answer[0] for name, answer in told.items()} == {name: known[name] for name in told}
    assert len(told) >= 3


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("LICENSE", True), ("a/LICENCE.txt", True), ("COPYING.LESSER", True), ("UNLICENSE", True), ("a/license.md", True),
        ("licenses.py", False), ("NOTICE", False), ("src/licence.rs", False), ("LICENSE.APACHE", True), ("mylicense", False),
    ],
)  # fmt: skip
def test_a_licence_file_is_known_by_its_name(path: str, expected: bool) -> None:
    assert is_licence_file(path) == expected


NEAR = NearestLicence("LICENSE", "MIT", 1.0)


@pytest.mark.parametrize(
    ("given_text", "header", "nearest", "expected"),
    [
        (None, None, None, (None, "unknown", False)),
        ("MIT", None, None, ("MIT", "permissive", False)),
        ("MIT", "GPL-3.0-only", None, ("GPL-3.0-only", "copyleft", True)),
        ("GPL-3.0-only", None, NEAR, ("MIT", "permissive", True)),
        ("nonsense", None, NEAR, ("MIT", "permissive", False)),
        ("nonsense", None, None, ("nonsense", "unknown", False)),
        ("MIT OR Apache-2.0", "MIT", None, ("MIT", "permissive", False)),
        ("GPL-2.0-or-later", None, NearestLicence("COPYING", "GPL-2.0-only", 1.0), ("GPL-2.0-only", "copyleft", False)),
        ("CC-BY-4.0", None, None, ("CC-BY-4.0", "permissive", False)),
    ],
)  # fmt: skip
def test_claims_are_weighed(
    given_text: str | None, header: str | None, nearest: NearestLicence | None, expected: tuple[str | None, str, bool]
) -> None:
    found = decide(given_text, header, nearest)
    assert (found.expression, found.license_class, found.conflict) == expected
    assert len(found.evidence) == sum(claim is not None for claim in (given_text, header, nearest))
    assert found.attribution_required == (given_text == "CC-BY-4.0")


@given(st.binary(max_size=300), st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_no_text_is_permissive_by_accident(head: bytes, claim: str) -> None:
    read_header(head)
    read_licence_file(head)
    assert decide(f"§{claim}", None, None).license_class == "unknown"
