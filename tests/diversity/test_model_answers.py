"""Several models' answers to the same tasks beside those of people: what can be said, and what cannot."""

import hashlib
from collections import defaultdict
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from explorer.diversity import richness
from explorer.diversity.comparing import Settings, compare
from explorer.diversity.likeness import draw_pairs, effective_samples
from explorer.diversity.portrait import Portrait, Sampled, portray
from explorer.diversity.series import Series, count, number_alike
from explorer.languages.streams import bare

ANSWERS = Path(__file__).parents[3] / "shared/data/classeval_dev.parquet"
SEVERAL = "c_5"
"""The strategy by which five answers were drawn for each task."""

pytestmark = pytest.mark.skipif(not ANSWERS.exists(), reason="the answers to ClassEval are not here")


@cache
def answers() -> dict[tuple[str | None, str | None, int], list[dict[str, Any]]]:
    found: dict[tuple[str | None, str | None, int], list[dict[str, Any]]] = defaultdict(list)
    for row in pq.read_table(ANSWERS).to_pylist():
        found[row["model"], row["strategy"], row["sample"]].append(row)
    return found


def looked_at(rows: list[dict[str, Any]]) -> Portrait:
    """A task is what a repository is elsewhere."""
    texts = [(row["task_id"], row["text"].encode()) for row in rows]
    return portray([Sampled(hashlib.sha256(text).hexdigest(), task, text, {}) for task, text in texts], "Python")


@cache
def people() -> Portrait:
    return looked_at([row for (model, _, _), rows in answers().items() if model is None for row in rows])


def models() -> list[str]:
    return sorted({model for model, strategy, _ in answers() if model and strategy == SEVERAL})


@cache
def of_model(model: str) -> Portrait:
    return looked_at(
        [row for (name, way, _), rows in answers().items() if (name, way) == (model, SEVERAL) for row in rows]
    )


def test_five_models_answered_every_task_five_times() -> None:
    assert [of_model(model).samples for model in models()] == [300] * 5
    assert people().samples == 60


def test_docstrings_of_the_prompt_make_no_two_answers_alike() -> None:
    text, offsets = bare(people().stream, people().text)
    for first, last in pairwise(offsets):
        assert b'"""' not in text[first:last].tobytes()


@pytest.mark.parametrize("model", models() if ANSWERS.exists() else [])
def test_people_are_as_rich_as_a_model_or_the_comparison_says_why_not(model: str) -> None:
    """At equal tokens a model whose answers are short answers more tasks: the number of samples tells."""
    theirs = of_model(model)
    (ours, human), kinds = number_alike(theirs.stream.hashes, people().stream.hashes)
    budget = min(len(ours), len(human))
    told = []
    for ids, portrait in ((ours, theirs), (human, people())):
        files = np.arange(portrait.samples)
        counted = count(Series(ids, portrait.stream.firsts), files, budget, kinds).counts
        told.append((richness.types(counted), richness.hapaxes(counted)))
    found = compare(theirs, people(), Settings(repeats=4, packed_repeats=0))
    is_as_rich = all(human >= machine for machine, human in zip(*told, strict=True))
    assert is_as_rich or "fewer than 20,000" in found.too_small


def test_models_come_in_the_order_of_brute_force() -> None:
    """By the mean squared Jaccard similarity of all pairs of answers, words of code in runs of five."""
    by_signature, by_force = [], []
    for model in models():
        portrait = of_model(model)
        pairs = draw_pairs(portrait.slots, 0)
        everyone = np.ones(portrait.samples, np.bool_)
        by_signature.append(effective_samples(pairs, everyone, portrait.samples))
        sets = shingle_sets(portrait)
        squares = [jaccard(one, other) ** 2 for one, other in combinations(sets, 2)]
        by_force.append(1 / (1 / len(sets) + (1 - 1 / len(sets)) * float(np.mean(squares))))
    assert np.argsort(by_signature).tolist() == np.argsort(by_force).tolist()
    assert by_signature == pytest.approx(by_force, rel=0.1)


def shingle_sets(portrait: Portrait) -> list[frozenset[tuple[str, ...]]]:
    import re

    text, offsets = bare(portrait.stream, portrait.text)
    found = []
    for first, last in pairwise(offsets):
        words = re.findall(r"\w+", text[first:last].tobytes().decode("latin-1"), re.ASCII)
        found.append(frozenset(zip(*(words[place:] for place in range(5)), strict=False)))
    return found


def jaccard(one: frozenset[Any], other: frozenset[Any]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0
