create table pairs_/*number*/ as
select one, other, similarity
from (
    from corpus.pairs
    union all
    from measured_pairs
) as known
where $clusters::bigint[] is null or cluster in (select unnest($clusters::bigint[]))
