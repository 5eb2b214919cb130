"""A licence expression gets its SPDX spelling and its class; what cannot be read is never called permissive."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.licences.expressions import CLASSES, Licence, read_licence

SPELLED = {
    "mit": "MIT",
    "MIT\n": "MIT",
    "MIT License": "MIT",
    "apache 2": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "apache-2.0": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "New BSD": "BSD-3-Clause",
    "GPL-2.0": "GPL-2.0-only",
    "gpl-2.0+": "GPL-2.0-or-later",
    "LGPL-2.1": "LGPL-2.1-only",
    "mit or apache-2.0": "MIT OR Apache-2.0",
    "MIT/Apache-2.0": "MIT OR Apache-2.0",
    "MIT / Apache-2.0": "MIT OR Apache-2.0",
    "Apache-2.0/MIT": "Apache-2.0 OR MIT",
    "MIT License / Apache License, Version 2.0": "MIT OR Apache-2.0",
    "MIT; Apache-2.0": "MIT AND Apache-2.0",
    "MIT/GPLv3; ISC": "(MIT OR GPL-3.0-only) AND ISC",
    "GPLv3": "GPL-3.0-only",
    "GPL v3": "GPL-3.0-only",
    "GPL-2": "GPL-2.0-only",
    "GPLv3+": "GPL-3.0-or-later",
    "LGPLv2.1": "LGPL-2.1-only",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "GNU General Public License v2.0": "GPL-2.0-only",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "The MIT License (MIT)": "MIT",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache v2": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    'BSD 2-Clause "Simplified" License': "BSD-2-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "CC0": "CC0-1.0",
    "zlib/libpng": "Zlib",
}
OF_CLASS = {
    "permissive": (
        "MIT Apache-2.0 BSD-2-Clause BSD-3-Clause 0BSD ISC Zlib PSF-2.0 Python-2.0 BSL-1.0 NCSA MS-PL ECL-2.0 CC-BY-4.0"
    ),
    "public domain": "Unlicense CC0-1.0 WTFPL LicenseRef-scancode-public-domain",
    "weak copyleft": (
        "MPL-2.0 LGPL-2.1-only LGPL-3.0-or-later EPL-2.0 CDDL-1.0 Artistic-2.0 EUPL-1.2 OFL-1.1 CC-BY-SA-4.0"
    ),
    "copyleft": "GPL-2.0-only GPL-3.0-or-later AGPL-3.0-only GPL-2.0+",
    "source available": "BUSL-1.1 SSPL-1.0 Elastic-2.0 CC-BY-NC-4.0 LicenseRef-scancode-proprietary-license",
    "unknown": "NOASSERTION UNKNOWN other proprietary no-license None ((( AND LGPL MIT/Proprietary MIT;Secret",
}
COMPOSED = {
    "MIT OR GPL-3.0-only": "permissive",
    "MIT AND GPL-3.0-only": "copyleft",
    "GPL-2.0-only OR LGPL-2.1-only": "weak copyleft",
    "(MIT OR Apache-2.0) AND BSD-3-Clause": "permissive",
    "(MIT AND MPL-2.0) OR AGPL-3.0-only": "weak copyleft",
    "Unlicense OR MIT": "public domain",
    "Unlicense AND MIT": "permissive",
    "MIT AND BUSL-1.1": "source available",
    "GPL-2.0-only WITH Classpath-exception-2.0": "copyleft",
    "Apache-2.0 WITH LLVM-exception": "permissive",
    "Apache-2.0 WITH LLVM-exception AND GPL-2.0-only": "copyleft",
    "MIT AND NOASSERTION": "unknown",
    "MIT AND": "unknown",
    "MIT OR (": "unknown",
    "": "unknown",
}
SINGLE = [(name, kind) for kind, names in OF_CLASS.items() for name in names.split()]


@pytest.mark.parametrize(("text", "expression"), SPELLED.items())
def test_an_expression_is_spelled_as_spdx_does(text: str, expression: str) -> None:
    assert read_licence(text).expression == expression


@pytest.mark.parametrize(("text", "kind"), [*SINGLE, *COMPOSED.items()])
def test_an_expression_has_its_class(text: str, kind: str) -> None:
    assert read_licence(text).license_class == kind


singles = st.sampled_from([name for name, kind in SINGLE if kind != "unknown"])


@settings(deadline=None)
@given(singles, singles)
def test_or_takes_the_best_branch_and_and_the_worst(one: str, other: str) -> None:
    ranks = sorted(CLASSES.index(read_licence(name).license_class) for name in (one, other))
    assert read_licence(f"{one} OR {other}").license_class == CLASSES[ranks[0]]
    assert read_licence(f"{one} AND {other}").license_class == CLASSES[ranks[1]]


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_read_without_trouble(text: str) -> None:
    licence = read_licence(text)
    assert licence.license_class in CLASSES
    assert licence.expression or not text.strip()


@pytest.mark.parametrize("text", ["(" * 5000, "x" * 200_000, "MIT " * 2000, "\ud800"])
def test_a_monstrous_text_is_unknown(text: str) -> None:
    assert read_licence(text) == Licence(text, "unknown")
