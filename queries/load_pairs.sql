create table pairs as
select
    members.cluster,
    known.one,
    known.other,
    known.similarity
from (
    from proven
    union all
    from measured
) as known
join members on members.row = known.one
order by members.cluster, known.one, known.other
