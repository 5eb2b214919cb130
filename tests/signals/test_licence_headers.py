"""Headers name their licence by an SPDX tag or a phrase; what names none, or keeps all rights, is told apart."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.licences.head_kernel import HEAD_BYTES, HEAD_LINES
from explorer.licences.header_rules import names, whole_texts
from explorer.licences.headers import read_header, read_headers

MIT_TEXT = (
    "Permission is hereby granted, free of charge, to any person obtaining a copy\nof this software and associated"
)
BSD_TEXT = (
    "Redistribution and use in source and binary forms, with or without\nmodification, are permitted provided that"
)
BSD_END = (
    "\n1. Redistributions of source code must\n2. Redistributions in binary form must\n{}\nTHIS SOFTWARE IS PROVIDED BY"
)
GNU = "it under the terms of the GNU {}General Public License as published by\nthe Free Software Foundation"
PERL = "This module is free software; you can redistribute it under the same terms as Perl itself."
MPL2 = (
    "This Source Code Form is subject to the terms of the Mozilla Public\nLicense, v. 2.0. If a copy of the MPL was not"
)
TRI = "BEGIN LICENSE BLOCK *****\nVersion: MPL 1.1/GPL 2.0/LGPL 2.1\n\nThe contents are subject to the Mozilla"
JAVA = (
    "under the terms of the GNU General Public License version 2 only, as published. Oracle designates this particular"
)
ZLIB = (
    "Permission is granted to anyone to use this software for any purpose,\nincluding commercial applications, and to"
)
ISC = (
    "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby"
    "\ngranted"
)

PHRASES = [
    (f"Copyright (c) 2020 Ada\n\n{MIT_TEXT}", "MIT", "the beginning of the MIT text"),
    ("Licensed under the MIT license. See LICENSE in the project root.", "MIT", "named"),
    ("@license MIT", "MIT", "a tag of documentation"),
    ("(c) 2020 Ada, MIT Licensed", "MIT", "named behind a copyright"),
    ('__license__ = "MIT"', "MIT", "a field of a module"),
    ("License: GPL-2.0+", "GPL-2.0-or-later", "a field of a header, in the old spelling"),
    ("license: Apache 2.0", "Apache-2.0", "a field with an alias"),
    (
        f"{MIT_TEXT} documentation files, to permit persons to whom the Software is furnished to do so.",
        "MIT-0",
        "no end",
    ),
    ("The Software shall be used for Good, not Evil. The MIT License", "MIT", "the words of JSON alone say nothing"),
    (
        f"{MIT_TEXT} files (the Software), ...{' x' * 60} The Software shall be used for Good, not Evil.",
        "JSON",
        "a duty",
    ),
    ('Licensed under the Apache License, Version 2.0 (the "License");', "Apache-2.0", "its notice"),
    ("under the Apache License v2.0 with LLVM Exceptions.", "Apache-2.0 WITH LLVM-exception", "LLVM's header"),
    ("The Apache Software License, Version 1.1", "Apache-1.1", "an old version"),
    (BSD_TEXT + BSD_END.format(""), "BSD-2-Clause", "two clauses before the disclaimer"),
    (BSD_TEXT + BSD_END.format("3. Neither the name of the author nor the names"), "BSD-3-Clause", "three clauses"),
    (BSD_TEXT + BSD_END.format("3. All advertising materials mentioning features"), "BSD-4-Clause", "advertising"),
    (BSD_TEXT, "BSD-3-Clause", "cut off: the stricter one"),
    (
        "Use of this source code is governed by a BSD-style\nlicense that can be found in the LICENSE file.",
        "BSD-3-Clause",
        "",
    ),
    ("All rights reserved. Simplified BSD License", "BSD-2-Clause", "all rights are reserved, and then granted"),
    (ISC + ", provided that the above", "ISC", "with a duty"),
    (ISC + ".", "0BSD", "without a duty"),
    (
        "Permission to use, copy, modify, and distribute this software and its\ndocumentation for any purpose",
        "HPND",
        "",
    ),
    (ZLIB, "Zlib", "its grant"),
    ("Distributed under the Boost Software License, Version 1.0.", "BSL-1.0", "its notice"),
    ("This is free and unencumbered software released into the public domain.", "Unlicense", "its first line"),
    ("To the extent possible under law: CC0, see creativecommons.org/publicdomain/zero/1.0/ license", "CC0-1.0", ""),
    ("Released under the WTFPL license", "WTFPL", "named"),
    ("This file is placed in the public domain. No license.", "LicenseRef-scancode-public-domain", "a dedication"),
    ("Licensed under the Python Software Foundation License", "PSF-2.0", "named"),
    ("The PostgreSQL License", "PostgreSQL", "named"),
    (MPL2, "MPL-2.0", "its notice"),
    ("subject to the Mozilla Public License Version 1.1", "MPL-1.1", "an old version"),
    (TRI, "MPL-1.1 OR GPL-2.0-or-later OR LGPL-2.1-or-later", "the three of old Mozilla"),
    ("the terms of the Eclipse Public License v1.0", "EPL-1.0", "named"),
    ("terms of the Eclipse Public License v. 2.0 which is available at", "EPL-2.0", "named"),
    ("subject to the terms of the Common Development and Distribution License (the License)", "CDDL-1.0", "named"),
    (
        GNU.format("") + "; either version 2 of the License, or\n(at your option) any later version.",
        "GPL-2.0-or-later",
        "",
    ),
    (GNU.format("") + ", version 3.", "GPL-3.0-only", "no later version is named"),
    ("under the terms of the GNU General Public License version 2 as\npublished by the FSF", "GPL-2.0-only", ""),
    ("under version 2 of the GNU General Public License", "GPL-2.0-only", "the version before the name"),
    ("License: GPLv3+", "GPL-3.0-or-later", "short"),
    ("GPL v2 license", "GPL-2.0-only", "short"),
    ("terms of the GNU General Public License.", "GPL-1.0-or-later", "without a number any version holds"),
    (
        GNU.format("Lesser ") + "; either\nversion 2.1 of the License, or (at your option) any later",
        "LGPL-2.1-or-later",
        "",
    ),
    (GNU.format("Library ") + "; version 2 of the License", "LGPL-2.0-only", "its old name"),
    ("the GNU Affero General Public License, version 3, license", "AGPL-3.0-only", "named"),
    (
        GNU.format("Lesser ") + ", version 3. See the GNU General Public License.",
        "LGPL-3.0-only",
        "the GPL is only told",
    ),
    (JAVA + ' file as subject to the "Classpath" exception', "GPL-2.0-only WITH Classpath-exception-2.0", "OpenJDK"),
    ("licensed under the EUPL v1.2", "EUPL-1.2", "named"),
    ("the terms of the Artistic License 2.0", "Artistic-2.0", "named"),
    (PERL, "Artistic-1.0-Perl OR GPL-1.0-or-later", "Perl's two licences"),
    ("This Font Software is licensed under the SIL Open Font License, Version 1.1.", "OFL-1.1", "named"),
    ("Licensed under the Microsoft Public License (Ms-PL)", "MS-PL", "named twice"),
    ("Use of this software is governed by the Business Source License 1.1", "BUSL-1.1", "named"),
    ("the Server Side Public License, version 1", "SSPL-1.0", "named"),
    ("or more contributor license agreements. Licensed under the Elastic License 2.0;", "Elastic-2.0", "named"),
    ("University of Illinois Open Source License. See LICENSE.TXT", "NCSA", "old LLVM"),
    ("This work is licensed under a Creative Commons Attribution-ShareAlike 4.0 International", "CC-BY-SA-4.0", ""),
    ("license: https://creativecommons.org/licenses/by-nc-sa/3.0/", "CC-BY-NC-SA-3.0", "an address"),
    ("Apache License 2.0, Commons Clause", "Apache-2.0 AND LicenseRef-scancode-commons-clause", "a restriction"),
    ("licensed under the Apache License 2.0 or the MIT license, at your option", "Apache-2.0 OR MIT", "a choice"),
    ("Dual licensed under the MIT or GPL Version 2 licenses.", "MIT OR GPL-2.0-only", "a choice"),
    (f"Apache License, Version 2.0\n\nParts:\n{MIT_TEXT}", "Apache-2.0 AND MIT", "both hold"),
    ("Unauthorized copying of this file is strictly prohibited", "LicenseRef-scancode-proprietary-license", "secret"),
    ("PROPRIETARY AND CONFIDENTIAL", "LicenseRef-scancode-proprietary-license", "secret"),
    ("Copyright (C) 2020 Ada. All rights reserved.", "LicenseRef-all-rights-reserved", "nothing is granted"),
]
NOTHING = [
    ("import licensing\nx = 1", "a module that only sounds like it"),
    ("Copyright 2020 Ada. All rights reserved.\nSee the LICENSE file.", "it points to another file"),
    ("license = models.CharField(max_length=20)", "a field of a program"),
    ("def check(permission): ...", "another permission"),
    ("proprietary formats are converted", "an ordinary word"),
    ("all rights reserved seats", "no copyright near"),
    ("license: other", "no licence's name"),
    ("", "empty"),
]
TAGS = [
    ("// SPDX-License-Identifier: MIT", "MIT"),
    ("/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */", "GPL-2.0-only WITH Linux-syscall-note"),
    ("# SPDX-License-Identifier: (Apache-2.0 OR MIT) AND BSD-3-Clause", "(Apache-2.0 OR MIT) AND BSD-3-Clause"),
    ("<!-- spdx-license-identifier: apache-2.0 -->", "Apache-2.0"),
    ("# SPDX-License-Identifier: MIT\n# SPDX-License-Identifier: Zlib", "MIT AND Zlib"),
    ("# SPDX-License-Identifier: MIT OR Zlib\n# SPDX-License-Identifier: ISC", "(MIT OR Zlib) AND ISC"),
    ("# SPDX-License-Identifier: LicenseRef-Acme", "LicenseRef-Acme"),
    ("# SPDX-License-Identifier: MIT\n# Licensed under the GPL version 3", "MIT"),
]
COMMENTS = ("{}", "# {}", "// {}", " * {}", "-- {}", ";; {}", "dnl {}", "! {}")


@pytest.mark.parametrize(("text", "expression", "why"), PHRASES)
def test_a_phrase_names_its_licence(text: str, expression: str, why: str) -> None:
    header = read_header(text)
    assert header is not None, why
    assert header.expression == expression, why
    assert header.evidence.startswith("phrase, line ")


@pytest.mark.parametrize("comment", COMMENTS)
@pytest.mark.parametrize(("text", "expression"), [case[:2] for case in PHRASES[::6]])
def test_signs_of_comments_do_not_matter(text: str, expression: str, comment: str) -> None:
    header = read_header("\n".join(comment.format(line) for line in text.split("\n")))
    assert header is not None
    assert header.expression == expression


def test_many_licences_are_known_by_their_headers() -> None:
    assert len({expression for _, expression, _ in PHRASES}) >= 50
    assert len({rule.expression for rule in (*whole_texts(), *names())}) >= 60


@pytest.mark.parametrize(("text", "why"), NOTHING)
def test_what_names_no_licence_is_none(text: str, why: str) -> None:
    assert read_header(text) is None, why


@pytest.mark.parametrize(("text", "expression"), TAGS)
def test_a_tag_is_read_as_spdx_does(text: str, expression: str) -> None:
    header = read_header(text)
    assert header is not None
    assert header.expression == expression
    assert header.evidence.startswith("SPDX tag, line 1: ")


@pytest.mark.parametrize("line", [1, 2, 17, HEAD_LINES])
def test_the_evidence_tells_its_line(line: int) -> None:
    header = read_header("\n" * (line - 1) + "// the MIT license")
    assert header is not None
    assert header.evidence == f'phrase, line {line}: "mit license"'


def test_only_the_head_is_read() -> None:
    assert read_header("\n" * HEAD_LINES + "// the MIT license") is None
    assert read_header("x" * HEAD_BYTES + " the MIT license") is None


def batch_of(texts: list[bytes | None]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array(texts, pa.large_binary())], names=["content"])


def test_a_batch_is_read_as_each_text_is() -> None:
    texts = [text for text, *_ in (*PHRASES, *NOTHING, *TAGS)]
    before, behind = "# line\n" * 7, "\ncode(1)" * 50 + "\nthe Zlib license"
    longer = [before + text + behind for text in texts]
    for some in (texts, longer):
        single = [read_header(text) for text in some]
        told = read_headers(batch_of([text.encode() for text in some]))
        assert told["header_license"].to_pylist() == [one and one.expression for one in single]
        assert told["header_evidence"].to_pylist() == [one and one.evidence for one in single]


def test_a_slice_of_a_batch_is_read_from_its_offset() -> None:
    batch = batch_of([b"# MIT license", None, b"", b"# ISC license", b"# the zlib license"])
    assert read_headers(batch.slice(1, 3))["header_license"].to_pylist() == [None, None, "ISC"]


@pytest.mark.parametrize(
    "part", ["license ", "gnu general public license ", "permission is hereby granted ", "(", "\\"]
)
def test_a_monstrous_head_is_read_in_time(part: str) -> None:
    read_headers(batch_of([(part * 300_000).encode(), b"\xff\xfelicen" * 1000]))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.binary(max_size=60) | st.sampled_from([text.encode() for text, *_ in PHRASES]), max_size=5))
def test_any_bytes_are_read_without_trouble(parts: list[bytes]) -> None:
    told = read_headers(batch_of([b"\n".join(parts), *parts]))
    assert [one is None for one in told["header_license"].to_pylist()] == [
        one is None for one in told["header_evidence"].to_pylist()
    ]


@pytest.mark.parametrize(
    ("tag", "expression"),
    [
        ("#SPDX - License - Identifier : Apache - 2.0", "Apache-2.0"),
        ("// SPDX - License - Identifier: GPL - 2.0 - or - later", "GPL-2.0-or-later"),
        ("# SPDX-License-Identifier : MIT", "MIT"),
        ("# SPDX-License-Identifier: MIT - see LICENSE", "MIT"),
    ],
)
def test_a_tag_is_read_with_blanks_that_a_formatter_put_in(tag: str, expression: str) -> None:
    header = read_header(f"{tag}\nx = 1\n")
    assert header is not None
    assert header.expression == expression
