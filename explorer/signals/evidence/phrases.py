"""The words by which licences are known: what stands at the head of a file, and what stands in a licence file."""

import re
from collections.abc import Sequence
from typing import NamedTuple

PROPRIETARY = "LicenseRef-scancode-proprietary-license"
"""The expression of what reserves all rights, as the licence index names it."""


class Phrase(NamedTuple):
    """Words that say which licence holds; all must occur, in any order."""

    expression: str
    words: tuple[str, ...]


def _phrases(*rows: tuple[str, str]) -> tuple[Phrase, ...]:
    return tuple(Phrase(expression, tuple(part.strip() for part in words.split("&"))) for expression, words in rows)


HEADER_PHRASES = _phrases(
    ("Apache-2.0 WITH LLVM-exception", "apache license & llvm exceptions"),
    ("Apache-2.0", "licensed under the apache license, version 2.0"),
    ("Apache-2.0", "apache software license, version 2.0"),
    ("Apache-1.1", "the apache software license, version 1.1"),
    ("AGPL-3.0-or-later", "gnu affero general public license & version 3 & any later version"),
    ("AGPL-3.0-only", "gnu affero general public license & version 3"),
    ("AGPL-3.0-or-later", "gnu affero general public license"),
    ("LGPL-2.1-or-later", "gnu lesser general public license & version 2.1 & any later version"),
    ("LGPL-3.0-or-later", "gnu lesser general public license & version 3 & any later version"),
    ("LGPL-2.1-only", "gnu lesser general public license & version 2.1"),
    ("LGPL-3.0-only", "gnu lesser general public license & version 3"),
    ("LGPL-2.0-or-later", "gnu library general public license"),
    ("LGPL-2.1-or-later", "gnu lesser general public license"),
    ("GPL-2.0-only WITH Linux-syscall-note", "general public license version 2 & linux-syscall-note"),
    ("GPL-3.0-or-later", "gnu general public license & version 3 & any later version"),
    ("GPL-2.0-or-later", "gnu general public license & version 2 & any later version"),
    ("GPL-3.0-only", "gnu general public license & version 3"),
    ("GPL-2.0-only", "gnu general public license & version 2"),
    ("GPL-1.0-or-later", "gnu general public license"),
    ("MPL-2.0", "mozilla public license, v. 2.0"),
    ("MPL-2.0", "mozilla public license version 2.0"),
    ("MPL-1.1", "mozilla public license version 1.1"),
    ("EPL-2.0", "eclipse public license & 2.0"),
    ("EPL-1.0", "eclipse public license & v1.0"),
    ("EPL-1.0", "eclipse public license & version 1.0"),
    ("CDDL-1.0", "common development and distribution license"),
    ("EUPL-1.2", "european union public licence & 1.2"),
    ("EUPL-1.1", "european union public licence"),
    ("Artistic-2.0", "artistic license 2.0"),
    ("Artistic-1.0-Perl", "same terms as perl itself"),
    ("BSL-1.0", "boost software license"),
    ("PSF-2.0", "python software foundation license"),
    ("PSF-2.0", "licensed to psf under a contributor agreement"),
    ("PostgreSQL", "postgresql license"),
    ("Zlib", "this software is provided 'as-is', without any express or implied warranty & altered source versions"),
    ("Zlib", "zlib license"),
    ("Unlicense", "this is free and unencumbered software released into the public domain"),
    ("CC0-1.0", "cc0 1.0 universal"),
    ("CC0-1.0", "creativecommons.org/publicdomain/zero/1.0"),
    ("CC-BY-SA-4.0", "creative commons attribution-sharealike 4.0"),
    ("CC-BY-4.0", "creative commons attribution 4.0"),
    ("WTFPL", "do what the fuck you want to public license"),
    ("OFL-1.1", "sil open font license"),
    ("MS-PL", "microsoft public license"),
    ("Ruby", "same terms as ruby"),
    ("BUSL-1.1", "business source license"),
    ("SSPL-1.0", "server side public license"),
    ("Elastic-2.0", "elastic license 2.0"),
    ("ISC", "permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"),
    ("ISC", "isc license"),
    ("0BSD", "zero-clause bsd"),
    ("BSD-4-Clause", "redistribution and use in source and binary forms & this product includes software developed by"),
    ("BSD-3-Clause", "redistribution and use in source and binary forms & may be used to endorse or promote products"),
    ("BSD-2-Clause", "redistribution and use in source and binary forms"),
    ("BSD-3-Clause", "use of this source code is governed by a bsd-style license"),
    ("BSD-3-Clause", "3-clause bsd license"),
    ("BSD-3-Clause", "new bsd license"),
    ("BSD-2-Clause", "simplified bsd license"),
    ("MIT", "permission is hereby granted, free of charge, to any person obtaining a copy"),
    ("MIT", "licensed under the mit license"),
    ("MIT", "released under the mit license"),
    ("MIT", "mit license"),
    (PROPRIETARY, "proprietary and confidential"),
    (PROPRIETARY, "confidential and proprietary"),
    (PROPRIETARY, "unauthorized copying of this file"),
    (PROPRIETARY, "all rights reserved & confidential"),
)
"""In the order in which they are tried: the more particular first."""

RESERVED = "all rights reserved"
"""Says nothing where a licence stands beside it; alone it reserves all rights."""

TEXT_PHRASES = _phrases(
    ("AGPL-3.0-only", "gnu affero general public license & version 3, 19 november 2007 & remote network interaction"),
    ("LGPL-3.0-only", "gnu lesser general public license & version 3, 29 june 2007 & combined work"),
    ("LGPL-2.1-only", "gnu lesser general public license & version 2.1, february 1999 & work that uses the library"),
    ("GPL-3.0-only", "gnu general public license & version 3, 29 june 2007 & protecting users' legal rights"),
    ("GPL-2.0-only", "gnu general public license & version 2, june 1991 & distribution and modification"),
    ("Apache-2.0", "apache license & version 2.0, january 2004 & grant of patent license & redistribution"),
    ("MPL-2.0", "mozilla public license version 2.0 & covered software & secondary licenses"),
    ("MPL-1.1", "mozilla public license version 1.1 & covered code"),
    ("EPL-2.0", "eclipse public license - v 2.0 & secondary license"),
    ("EPL-1.0", "eclipse public license - v 1.0 & recipient"),
    ("CDDL-1.0", "common development and distribution license & covered software"),
    ("BUSL-1.1", "business source license 1.1 & change date"),
    ("SSPL-1.0", "server side public license & service source code"),
    ("Elastic-2.0", "elastic license 2.0 & hosted or managed service"),
    ("PSF-2.0", "python software foundation license version 2 & psf is making python available"),
    ("OFL-1.1", "sil open font license & reserved font name"),
    ("CC0-1.0", "cc0 1.0 universal & affirmer & waiver"),
    ("CC-BY-4.0", "attribution 4.0 international & licensed material & attribution"),
    ("BSL-1.0", "boost software license - version 1.0 & machine-executable object code"),
    ("Unlicense", "this is free and unencumbered software released into the public domain & for any purpose"),
    ("WTFPL", "do what the fuck you want to public license & 0. you just do what the fuck you want to"),
    ("Zlib", "provided 'as-is', without any express or implied warranty & altered source versions must be plainly marked"),
    ("PostgreSQL", "permission to use, copy, modify, and distribute this software and its documentation & without a written agreement"),
    ("BSD-4-Clause", "redistribution and use in source and binary forms & advertising materials mentioning features"),
    (
        "BSD-3-Clause",
        "redistribution and use in source and binary forms & endorse or promote products derived from this software & "
        "provided by the copyright holders",
    ),
    (
        "BSD-2-Clause",
        "redistribution and use in source and binary forms & redistributions in binary form must reproduce & as is",
    ),
    ("ISC", "permission to use, copy, modify, and & distribute this software for any purpose with or without fee & the author disclaims"),
    ("0BSD", "permission to use, copy, modify, and & for any purpose with or without fee is hereby granted & disclaims all warranties"),
    (
        "MIT",
        "permission is hereby granted, free of charge, to any person obtaining a copy & the above copyright notice and this "
        "permission notice shall be included & as is",
    ),
)
"""Several sentences of each licence's own text, all of which a copy of it holds."""

_BLANKS = re.compile(rb"[\s*#/;\-!|>\"]+")
_QUOTES = bytes.maketrans(b"`\x91\x92", b"'''")


def folded(text: bytes) -> str:
    """Returns a text in small letters, blanks and comment marks as single blanks, so that lines may break anywhere."""
    joined = _BLANKS.sub(b" ", text.lower().replace(b"\xe2\x80\x99", b"'").translate(_QUOTES))
    return joined.decode("utf-8", "replace")


def fold_phrase(phrase: str) -> str:
    """Returns a phrase as `folded` would leave it."""
    return folded(phrase.encode()).strip()


def first_match(text: str, phrases: Sequence[Phrase]) -> Phrase | None:
    """Finds the first phrase all of whose words stand in a folded text."""
    return next((phrase for phrase in phrases if all(fold_phrase(words) in text for words in phrase.words)), None)
