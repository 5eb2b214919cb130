select one, other, similarity
from (
    from corpus.pairs
    union all
    from measured_pairs
) as known
where cluster = $origin
