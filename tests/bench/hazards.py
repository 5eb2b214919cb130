"""How fast secrets, personal data and weaknesses are found in real text, beside one plain search of all anchors.

Everything runs in one thread and is timed by the processor, so that rates are those of one core.
"""

import re
import statistics
import time
from collections.abc import Callable
from itertools import islice
from typing import Any

import pyarrow as pa

from explorer.safety import find_hazards
from explorer.safety.batches import personal_kinds, secret_kinds, weakness_lines
from explorer.safety.export_scan import can_scan_for_export, scan_texts_for_export
from explorer.safety.masking import mask_secrets
from explorer.safety.secret_rules import secret_anchors
from tests.bench._common import emit, parser
from tests.bench._corpora import Text, machine_texts

MEASURED: dict[str, Callable[[pa.RecordBatch], object]] = {
    "secrets": secret_kinds,
    "personal": personal_kinds,
    "weaknesses": weakness_lines,
    "together": find_hazards,
}
EXPORTED_FILES = 400
"""Files that the scan before an export is measured on; it is some fifty times slower."""


def processor_seconds(function: Callable[[], Any], runs: int) -> float:
    """The median processor time of some calls, after one that warms up."""
    function()
    taken: list[float] = []
    for _ in range(runs):
        start = time.process_time()
        function()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def batch_of(texts: list[Text]) -> pa.RecordBatch:
    """The texts as the index would see them."""
    columns = {
        "content": pa.array([text.content for text in texts], pa.large_binary()),
        "path": pa.array([text.path for text in texts], pa.large_string()),
    }
    return pa.RecordBatch.from_pydict(columns)


def rates(texts: list[Text], runs: int) -> dict[str, dict[str, float]]:
    """Megabytes a second of each batch function."""
    batch, size = batch_of(texts), sum(len(text.content) for text in texts)
    return {
        name: {"mb_per_second": size / 1e6 / processor_seconds(lambda f=function: f(batch), runs)}
        for name, function in MEASURED.items()
    }


def masking_rate(texts: list[Text], runs: int) -> float:
    """Megabytes a second of masking whole texts, one after the other."""
    decoded = [text.content.decode("utf-8", "replace") for text in texts]
    return sum(map(len, decoded)) / 1e6 / processor_seconds(lambda: [mask_secrets(text) for text in decoded], runs)


def export_rates(texts: list[Text]) -> dict[str, float]:
    """Megabytes a second of the scan before an export, 0 without the extra."""
    if not can_scan_for_export():
        return {"mb_per_second": 0.0}
    decoded = [text.content.decode("utf-8", "replace") for text in texts[:EXPORTED_FILES]]
    seconds = processor_seconds(lambda: scan_texts_for_export(decoded), 1)
    return {"mb_per_second": sum(map(len, decoded)) / 1e6 / seconds}


def search_rate(texts: list[Text]) -> float:
    """Megabytes a second of one alternation of the anchors of all secrets, searched text by text."""
    anchors = sorted({anchor.text.lower() for anchor, _ in secret_anchors(1)})
    pattern = re.compile(b"|".join(map(re.escape, anchors)), re.IGNORECASE)
    size = sum(len(text.content) for text in texts)
    return size / 1e6 / processor_seconds(lambda: [list(pattern.finditer(text.content)) for text in texts], 1)


def main() -> None:
    """Measures and prints."""
    options = parser(__doc__, runs=5)
    chosen = options.parse_args()
    files, runs = (60, 1) if chosen.quick else (3_000, chosen.runs)
    texts = list(islice(machine_texts(), files))
    figures = rates(texts, runs)
    reference = search_rate(texts[: max(files // 10, 10)])
    emit(
        "hazards",
        {
            "text_mb": sum(len(text.content) for text in texts) / 1e6,
            **figures,
            "masking": {"mb_per_second": masking_rate(texts[:EXPORTED_FILES], 1)},
            "export_scan": export_rates(texts),
        },
        reference={"what": "one re alternation of the anchors of secrets", "mb_per_second": reference},
        ratio=figures["secrets"]["mb_per_second"] / reference,
        quick=chosen.quick,
    )


if __name__ == "__main__":
    main()
