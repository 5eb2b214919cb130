"""The hard rules that keep a sample out of a mix unless a curator says otherwise: codes and words, light to load."""

from collections.abc import Mapping
from dataclasses import dataclass

GATES: Mapping[str, str] = {
    "G_LINES": "it has more than 100,000 lines",
    "G_LINE_LEN": "a line has more than 1,000 characters, or 100 on average",
    "G_ALPHA": "less than a quarter of its characters are letters",
    "G_AUTOGEN": "it says, or its name says, that a program wrote it",
    "G_ENCODED": "encoded data takes more than 1,024 characters in a row, or half of it",
    "G_DATAFILE": "it is a data file of more than 512 lines",
    "G_XML": "it is XML",
    "G_HTML": "less than a fifth of the page, or 100 characters, is text to read",
    "G_TINY": "it has fewer than 10 lines or 50 characters",
    "G_PARSE": "it is Python that does not parse",
    "G_LICENSE": "its licence is not known",
    "G_LICENSE_CONFLICT": "what is said of its licence does not agree",
    "G_SECRET": "it holds a secret, such as a key or a token",
    "G_PII": "it holds personal data, such as an e-mail address",
    "G_EVAL": "it holds a task of an evaluation set",
    "G_OPTOUT": "its owner wants it in no training data",
}
"""Each code with what it says of a sample."""

OPTOUT = "G_OPTOUT"
"""The gate that no verdict opens and no rule switches off."""

USUAL_GATES = tuple(code for code in GATES if code != "G_TINY")
"""Gates that a mix begins with; short samples are common in fine-tuning."""


def read_gates(text: str) -> tuple[str, ...] | None:
    """Reads codes parted by commas, in the order of the table; None where one is unknown or stands twice."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if len(set(names)) < len(names) or not set(names) <= set(GATES):
        return None
    return tuple(code for code in GATES if code in names or code == OPTOUT)


@dataclass(frozen=True)
class GateRules:
    """Which samples a mix holds back for what was measured; a verdict `keep` opens every gate but the opt-out."""

    exclude: tuple[str, ...] = USUAL_GATES
    """Codes of the gates that hold a sample back; the opt-out is always among them."""
    least_quality: float = 0.0
    """Percentile of quality inside its language that a sample has at least, 0 to 100; one of unknown quality passes."""

    def __post_init__(self) -> None:
        if OPTOUT not in self.exclude:
            object.__setattr__(self, "exclude", (*self.exclude, OPTOUT))

    @property
    def are_closed(self) -> bool:
        """Whether anything but an opt-out is held back."""
        return self.least_quality > 0 or len(self.exclude) > 1
