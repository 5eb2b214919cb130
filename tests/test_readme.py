"""The tables of the README compared with the code that they are made from."""

import pytest

from tests.readme import README, TABLES, section


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_the_readme_says_what_the_code_says(name: str) -> None:
    readme = README.read_text("utf-8")
    assert section(readme, name) == TABLES[name](), "`python -m tests.readme` makes the tables again"
