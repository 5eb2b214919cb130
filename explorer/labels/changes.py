"""What a decision changes, given what stands."""

from collections.abc import Iterable

from explorer.labels.decisions import FIELDS, Change, SampleRef, Value
from explorer.labels.fold import Fold


def setting(fold: Fold, samples: Iterable[SampleRef], field: str, value: Value, who: str) -> tuple[Change, ...]:
    """Changes that give one field of some samples a value; none where this curator's decision stands already."""
    return setting_each(fold, ((sample, value) for sample in samples), field, who)


def setting_each(fold: Fold, values: Iterable[tuple[SampleRef, Value]], field: str, who: str) -> tuple[Change, ...]:
    """Changes that give one field of each sample a value of its own."""
    return tuple(
        Change(sample.id, sample.sha256, field, standing(fold, field, sample.id), value)
        for sample, value in values
        if not is_settled(fold, sample, field, value, who)
    )


def clearing(fold: Fold, samples: Iterable[SampleRef], who: str) -> tuple[Change, ...]:
    """Changes that take back every field of some samples."""
    return tuple(
        change for sample in samples for field in FIELDS for change in setting(fold, (sample,), field, None, who)
    )


def inverse(fold: Fold, changes: Iterable[Change], who: str) -> tuple[Change, ...]:
    """Changes that take others back: to what stood before, or to what another curator decided since."""
    turned: list[Change] = []
    for change in changes:
        mark = fold.mark_of(change.field, change.id)
        value = mark.value if mark is not None else None
        was_overruled = mark is not None and mark.event.who != who
        turned.append(change._replace(old=value, new=value if was_overruled else change.old))
    return tuple(turned)


def repetition(fold: Fold, changes: Iterable[Change]) -> tuple[Change, ...]:
    """Changes that do others again, over whatever stands now."""
    return tuple(change._replace(old=standing(fold, change.field, change.id)) for change in changes)


def standing(fold: Fold, field: str, sample: str) -> Value:
    """Return the value that stands."""
    mark = fold.mark_of(field, sample)
    return mark.value if mark is not None else None


def is_settled(fold: Fold, sample: SampleRef, field: str, value: Value, who: str) -> bool:
    """Tell whether a value stands by this curator's own decision on this very content."""
    mark, own = fold.mark_of(field, sample.id), fold.own_mark(field, sample.id, who)
    if mark is None:
        return value is None
    is_own = (own.value if own is not None else None) == value
    return is_own and mark.value == value and (value is None or mark.sha256 == sample.sha256)
