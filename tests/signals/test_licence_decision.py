"""The header beats the licence file, which beats the metadata; contradictions are told; unknown is never permissive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.licences.decision import Decision, Evidence, asks_for_notice, contradicts, decide
from explorer.licences.expressions import CLASSES, alternatives, names_licences, read_licence
from explorer.licences.nearest import LicenceFile, LicenceFolders

OF_CLASS = {
    "permissive": """
        MIT MIT-0 Apache-2.0 Apache-1.1 BSD-2-Clause BSD-3-Clause BSD-4-Clause BSD-3-Clause-Clear 0BSD ISC Zlib PSF-2.0
        Python-2.0 BSL-1.0 NCSA MS-PL ECL-2.0 CC-BY-4.0 CC-BY-3.0 X11 HPND PostgreSQL UPL-1.0 MulanPSL-2.0 JSON AFL-3.0
        BlueOak-1.0.0 W3C curl OpenSSL PHP-3.01 ZPL-2.1 TCL ICU FTL IJG Info-ZIP Xnet AAL Beerware libpng-2.0 CECILL-B
        FSFAP MS-LPL MIT-CMU NAIST-2003
    """,
    "public domain": "Unlicense CC0-1.0 WTFPL LicenseRef-scancode-public-domain",
    "weak copyleft": """
        MPL-1.1 MPL-2.0 LGPL-2.0-only LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later EPL-1.0 EPL-2.0
        CDDL-1.0 CDDL-1.1 Artistic-1.0 Artistic-2.0 EUPL-1.2 OFL-1.1 CC-BY-SA-4.0 CPL-1.0 IPL-1.0 APSL-2.0 MS-RL Ruby
        QPL-1.0 NPL-1.1 SPL-1.0 NASA-1.3 CECILL-2.1
    """,
    "copyleft": """
        GPL-1.0-or-later GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later AGPL-3.0-only AGPL-3.0-or-later
        OSL-3.0 Sleepycat Vim LPPL-1.3c YPL-1.1 CECILL-C GPL-2.0+
    """,
    "source available": """
        BUSL-1.1 SSPL-1.0 Elastic-2.0 CC-BY-NC-4.0 CC-BY-NC-ND-4.0 CC-BY-NC-SA-4.0 PolyForm-Noncommercial-1.0.0
        FSL-1.1-MIT LicenseRef-scancode-proprietary-license LicenseRef-scancode-commons-clause SISSL Watcom-1.0
    """,
    "unknown": "NOASSERTION other custom proprietary LicenseRef-all-rights-reserved LicenseRef-Acme Apache MIT/Unheard",
}
SINGLE = [(name, kind) for kind, names in OF_CLASS.items() for name in names.split()]
COMPOSED = {
    "MIT OR GPL-3.0-only": "permissive",
    "GPL-3.0-only OR MIT": "permissive",
    "MIT AND GPL-3.0-only": "copyleft",
    "Unlicense OR SSPL-1.0": "public domain",
    "Unlicense AND SSPL-1.0": "source available",
    "LGPL-2.1-only OR MPL-2.0 OR GPL-2.0-only": "weak copyleft",
    "MIT AND Zlib AND BSD-2-Clause": "permissive",
    "MIT AND (GPL-2.0-only OR BSD-3-Clause)": "permissive",
    "(MIT OR GPL-2.0-only) AND (Zlib OR AGPL-3.0-only)": "permissive",
    "GPL-2.0-only WITH Classpath-exception-2.0": "copyleft",
    "GPL-3.0-or-later WITH GCC-exception-3.1 OR MIT": "permissive",
    "Apache-2.0 WITH LLVM-exception": "permissive",
    "MIT AND LicenseRef-scancode-commons-clause": "source available",
    "MIT AND NOASSERTION": "unknown",
    "MIT OR LicenseRef-Acme": "unknown",
}


@pytest.mark.parametrize(("expression", "kind"), [*SINGLE, *COMPOSED.items()])
def test_an_expression_has_its_class_wherever_it_is_found(expression: str, kind: str) -> None:
    for decision in (
        decide(expression, None, None),
        decide(None, expression, None),
        decide(None, None, ("LICENSE", expression, None)),
    ):
        assert decision.license_class == kind


def test_more_than_a_hundred_expressions_are_checked() -> None:
    assert len(SINGLE) + len(COMPOSED) >= 115


@pytest.mark.parametrize(
    ("given_text", "header", "nearest", "expression", "conflict", "why"),
    [
        (None, None, None, None, False, "nothing is known"),
        ("mit", None, None, "MIT", False, "only the metadata"),
        ("mit", None, "MIT", "MIT", False, "all agree"),
        ("mit", "MIT", "MIT", "MIT", False, "all agree"),
        ("mit", "GPL-3.0-only", "MIT", "GPL-3.0-only", True, "the header beats both"),
        ("mit", None, "GPL-3.0-only", "GPL-3.0-only", True, "the file beats the metadata"),
        ("apache-2.0", None, "MIT", "MIT", True, "one class, but not one licence"),
        ("mit", "MIT OR Apache-2.0", "Apache-2.0", "MIT OR Apache-2.0", True, "MIT and Apache contradict each other"),
        (None, "MIT OR Apache-2.0", "Apache-2.0", "MIT OR Apache-2.0", False, "the header offers what the file says"),
        (None, "Apache-2.0 OR MIT", "MIT OR Apache-2.0", "Apache-2.0 OR MIT", False, "the order does not matter"),
        (None, "MIT AND Zlib", "Zlib AND MIT", "MIT AND Zlib", False, "the order does not matter"),
        (None, "MIT AND Zlib", "MIT", "MIT AND Zlib", True, "both hold, which is more than one"),
        ("gpl-2.0", "GPL-2.0-or-later", "GPL-2.0-only", "GPL-2.0-or-later", False, "a text tells of no later ones"),
        (None, "GPL-2.0-or-later", "GPL-3.0-only", "GPL-2.0-or-later", False, "3 is a later one"),
        (None, "GPL-3.0-or-later", "GPL-2.0-only", "GPL-3.0-or-later", True, "2 is no later one"),
        (None, "GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only",
         "GPL-2.0-only WITH Classpath-exception-2.0", False, "a file does not tell of exceptions"),
        ("other", None, "MIT", "MIT", False, "`other` says nothing"),
        ("NOASSERTION", None, None, None, False, "neither does this"),
        ("Acme 1.0", "MIT", None, "MIT", False, "what is unknown contradicts nothing"),
        ("mit", "LicenseRef-Acme", "MIT", "LicenseRef-Acme", False, "an unknown tag may forbid"),
        ("mit", "LicenseRef-all-rights-reserved", None, "MIT", False, "a boilerplate that a licence grants away"),
        (None, "LicenseRef-all-rights-reserved", None, "LicenseRef-all-rights-reserved", False, "nothing grants it"),
        ("mit", None, "NOASSERTION", "MIT", False, "the metadata are about the file in the root"),
        (None, None, "NOASSERTION", "NOASSERTION", False, "nothing else is known"),
    ],
)  # fmt: skip
def test_what_counts_more_decides(
    given_text: str | None, header: str | None, nearest: str | None, expression: str | None, conflict: bool, why: str
) -> None:
    decision = decide(given_text, header, None if nearest is None else ("LICENSE", nearest, 0.9))
    assert (decision.expression, decision.conflict) == (expression, conflict), why


def test_an_unread_licence_below_the_root_hides_the_metadata() -> None:
    assert decide("mit", None, ("vendor/x/LICENSE", "NOASSERTION", None)).license_class == "unknown"


def test_evidence_is_told_in_words() -> None:
    assert decide("mit ", "Zlib", ("doc/LICENSE", "ISC", 0.973)).evidence == (
        Evidence("header", "Zlib", "permissive", "header: Zlib"),
        Evidence("directory", "ISC", "permissive", "doc/LICENSE: ISC, 0.97 of its words"),
        Evidence("metadata", "MIT", "permissive", "metadata: mit"),
    )


def test_nothing_is_unknown() -> None:
    assert decide(None, None, None) == Decision(None, "unknown", (), False, True)


@pytest.mark.parametrize(
    ("expression", "asks"),
    [
        ("MIT", True), ("CC-BY-4.0", True), ("GPL-3.0-only", True), ("LicenseRef-Acme", True),
        ("CC0-1.0", False), ("Unlicense", False), ("0BSD", False), ("MIT-0", False), ("MIT OR CC0-1.0", False),
        ("MIT AND CC0-1.0", True),
    ],
)  # fmt: skip
def test_most_licences_ask_for_their_notice(expression: str, asks: bool) -> None:
    assert asks_for_notice(expression) is asks
    assert decide(expression, None, None).attribution_required is asks


@pytest.mark.parametrize(
    ("expression", "choices"),
    [
        ("MIT", {"MIT"}), ("MIT OR (Zlib OR ISC)", {"MIT", "Zlib", "ISC"}), ("GPL-2.0-only", {"GPL-2.0"}),
        ("LGPL-2.1-or-later", {"LGPL-2.1", "LGPL-3.0"}), ("GPL-2.0+", {"GPL-2.0", "GPL-3.0"}),
        ("Apache-2.0 WITH LLVM-exception", {"Apache-2.0"}), ("Acme 1", {"Acme 1"}), ("((", {"(("}),
    ],
)  # fmt: skip
def test_alternatives_are_the_branches_of_or(expression: str, choices: set[str]) -> None:
    assert alternatives(expression) == choices


@pytest.mark.parametrize(
    ("text", "are_names"),
    [("MIT", True), ("gpl-2.0+ or mit", True), ("Apache 2.0", True), ("json.load", False), ("or", False), ("", False)],
)
def test_names_are_told_from_other_words(text: str, are_names: bool) -> None:
    assert names_licences(text) is are_names


expressions = st.sampled_from([name for name, _ in SINGLE] + list(COMPOSED))


@given(expressions | st.none(), expressions | st.none(), expressions | st.none())
def test_an_expression_always_comes_from_the_evidence(
    given_text: str | None, header: str | None, nearest: str | None
) -> None:
    decision = decide(given_text, header, nearest and ("a/LICENSE", nearest, None))
    assert decision.license_class in CLASSES
    assert decision.expression in {None, *(one.expression for one in decision.evidence)}
    if decision.license_class == "permissive":
        assert any(one.license_class == "permissive" for one in decision.evidence)


@given(expressions, expressions)
def test_contradiction_is_mutual_and_never_with_itself(one: str, other: str) -> None:
    left, right = (Evidence("header", *read_licence(name), "") for name in (one, other))
    assert contradicts(left, right) == contradicts(right, left)
    assert not contradicts(left, left)


FILES = [
    LicenceFile("a", "LICENSE", "MIT", 0.99),
    LicenceFile("a", "vendor/zlib/LICENSE.txt", "Zlib"),
    LicenceFile("a", "rust/LICENSE-MIT", "MIT"),
    LicenceFile("a", "rust/LICENSE-APACHE", "Apache-2.0"),
    LicenceFile("a", "both/LICENSE", "BSD-3-Clause"),
    LicenceFile("a", "both/COPYING", "GPL-2.0-only"),
    LicenceFile("a", "less/COPYING", "GPL-3.0-only"),
    LicenceFile("a", "less/COPYING.LESSER", "LGPL-3.0-only"),
    LicenceFile("a", "odd/LICENSE", "NOASSERTION"),
    LicenceFile("b", "src/COPYING", "ISC"),
    LicenceFile(None, "LICENSE", "0BSD"),
]


@pytest.mark.parametrize(
    ("repo", "path", "expression", "why"),
    [
        ("a", "main.c", "MIT", "in the root"),
        ("a", "deep/er/main.c", "MIT", "up to the root"),
        ("a", "./deep/main.c", "MIT", "a dot before it"),
        ("a", "deep\\main.c", "MIT", "the other slash"),
        ("a", "vendor/zlib/src/x.c", "Zlib", "the nearest"),
        ("a", "vendor/zlibx/x.c", "MIT", "another folder that begins alike"),
        ("a", "rust/src/lib.rs", "Apache-2.0 OR MIT", "named after their licences: a choice"),
        ("a", "both/x.c", "GPL-2.0-only AND BSD-3-Clause", "both hold"),
        ("a", "less/x.c", "LGPL-3.0-only", "the LGPL comes with the GPL"),
        ("a", "odd/x.c", "NOASSERTION", "one that is not read hides the root"),
        ("b", "src/x.c", "ISC", "another repository"),
        ("b", "x.c", None, "not down the path"),
        ("c", "x.c", None, "no licence"),
        (None, "x/y.c", "0BSD", "a corpus without repositories"),
    ],
)
def test_the_nearest_licence_holds(repo: str | None, path: str, expression: str | None, why: str) -> None:
    nearest = LicenceFolders(FILES).nearest(repo, path)
    assert (nearest and nearest[1]) == expression, why


segments = st.sampled_from(["a", "b", "c"])
paths = st.lists(segments, min_size=1, max_size=6).map("/".join)


@given(st.lists(st.tuples(segments, paths), max_size=8, unique=True), st.lists(st.tuples(segments, paths), max_size=8))
def test_columns_are_looked_up_as_single_paths_climb(
    placed: list[tuple[str, str]], samples: list[tuple[str, str]]
) -> None:
    known = {(repo, folder): f"LicenseRef-{number}" for number, (repo, folder) in enumerate(placed)}
    folders = LicenceFolders(LicenceFile(repo, f"{folder}/LICENSE", name) for (repo, folder), name in known.items())

    def climbed(repo: str, path: str) -> str | None:
        parts = path.split("/")[:-1]
        ways = ("/".join(parts[:size]) for size in range(len(parts), 0, -1))
        return next((known[repo, way] for way in ways if (repo, way) in known), None)

    found = folders.nearest_each([repo for repo, _ in samples], [path for _, path in samples])
    assert [one and one[1] for one in found] == [climbed(*sample) for sample in samples]


def test_a_monstrous_path_is_climbed_in_time() -> None:
    long = "a/" * 200_000 + "x.c"
    assert LicenceFolders(FILES).nearest_each(["a", "c", "a"], [long, long, None])[1:] == [None, None]
