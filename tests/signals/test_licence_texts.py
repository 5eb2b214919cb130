"""A licence file is told by its name; a short text by its words, a long one by title and phrases."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.licences.expressions import CLASSES, read_licence
from explorer.licences.licence_texts import (
    LEAST_SIMILARITY,
    UNREAD,
    is_licence_name,
    most_similar,
    read_licence_text,
    read_licence_texts,
    short_texts,
)
from explorer.tables import read_table

LICENCE_NAMES = r"""
    LICENSE LICENCE license.txt License.md LICENSE.rst a/b/COPYING COPYING.LESSER COPYING.LIB UNLICENSE LICENSE-MIT
    LICENSE.APACHE2 LICENSE_BSD MIT-LICENSE MIT-LICENSE.txt LICENSES win\dir\LICENSE
"""
OTHER_NAMES = """
    NOTICE license.py licence.go LICENSE.java LICENSE/main.c licensing.txt licensed.md copyingly.txt COPYRIGHTS.py
    AUTHORS mylicense.txt src/license_check.js LICENSE.json
"""
MIT = short_texts()["MIT"]
REWORDED = MIT.replace("Software", "Programme").replace("associated documentation files", "its docs")
SHORT = [(name, text) for name, text in short_texts().items()]
LONG = read_table("explorer.licences", "text_rules.toml")["rule"]


@pytest.mark.parametrize("path", LICENCE_NAMES.split())
def test_a_licence_file_is_known_by_its_name(path: str) -> None:
    assert is_licence_name(path)


@pytest.mark.parametrize("path", [*OTHER_NAMES.split(), "", None, "/"])
def test_other_files_are_none(path: str | None) -> None:
    assert not is_licence_name(path)


@pytest.mark.parametrize(("name", "text"), SHORT)
@pytest.mark.parametrize("form", ["{}", "Title\n\nCopyright (c) 2020 Ada <a@b.c>\n\n{}", "> {}"])
def test_a_short_text_is_known_by_its_words(name: str, text: str, form: str) -> None:
    told = read_licence_text(form.format(text.replace("\n", "\n" + form.partition("{")[0].split("\n")[-1])))
    assert told is not None
    assert told.expression == name
    assert told.similarity is not None
    assert told.similarity >= LEAST_SIMILARITY


def test_short_texts_are_not_taken_for_each_other() -> None:
    likeness = {name: most_similar(text) for name, text in SHORT}
    assert likeness == {name: (name, 1.0) for name, _ in SHORT}


@pytest.mark.parametrize(
    ("text", "expression", "why"),
    [
        (REWORDED, "MIT", "a few words changed"),
        (MIT + "The Software shall be used for Good, not Evil.", "JSON", "one more duty"),
        (MIT + '"Commons Clause" License Condition v1.0', "MIT AND LicenseRef-scancode-commons-clause", "restricted"),
        (MIT + " ".join(f"word{n}" for n in range(2000)), UNREAD, "much more than the licence"),
        ("Licensed under either of Apache License, Version 2.0 or MIT license.", "Apache-2.0 OR MIT", "only names"),
        ("You may look at this, but do nothing else with it.", UNREAD, "no rule knows it"),
        ("Copyright 2020 Ada. All rights reserved.", "LicenseRef-all-rights-reserved", "nothing is granted"),
    ],
)
def test_a_text_that_is_changed(text: str, expression: str, why: str) -> None:
    told = read_licence_text(text)
    assert told is not None
    assert told.expression == expression, why


@pytest.mark.parametrize("text", ["", "../LICENSE", "see root"])
def test_next_to_no_text_is_no_licence(text: str) -> None:
    assert read_licence_text(text) is None


@pytest.mark.parametrize("number", range(len(LONG)))
def test_a_long_text_needs_its_title_and_every_phrase(number: int) -> None:
    rule = LONG[number]
    parts = [rule["title"].upper(), *(f'"{phrase}",\n and' for phrase in rule["phrases"])]
    whole = read_licence_text("\n".join([*parts, "x " * 2000]))
    assert whole is not None
    assert whole.expression == rule["expression"]
    assert whole.similarity is None
    for missing in range(len(parts)):
        if not parts[missing]:
            continue
        part = read_licence_text("\n".join([*parts[:missing], *parts[missing + 1 :], "x " * 2000]))
        assert part is None or part.expression != rule["expression"]


def test_every_licence_text_has_a_class() -> None:
    for expression in (*short_texts(), *(rule["expression"] for rule in LONG)):
        licence = read_licence(expression)
        assert licence.expression == expression
        assert licence.license_class in CLASSES[:-1]


def test_a_batch_reads_licence_files_only() -> None:
    names = ["LICENSE", "code.py", "sub/COPYING", None, "LICENSE.txt", "LICENSE"]
    texts = [MIT.encode(), MIT.encode(), b"Do as I say, not as I do.", MIT.encode(), None, b""]
    batch = pa.RecordBatch.from_arrays(
        [pa.array(texts, pa.large_binary()), pa.array(names, pa.string())], names=["content", "path"]
    )
    told = read_licence_texts(batch)
    assert told["license_text"].to_pylist() == ["MIT", None, UNREAD, None, None, None]
    assert told["license_similarity"].to_pylist() == [1.0, None, None, None, None, None]
    assert read_licence_texts(batch.select(["content"]))["license_text"].null_count == len(names)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300))
def test_any_text_is_read_without_trouble(text: str) -> None:
    told = read_licence_text(text)
    assert told is None or told.expression
