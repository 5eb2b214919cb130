create table members_/*number*/ as
with judged as (
    select members.node, string_agg(labels.cluster_verdict, ' ' order by labels.row) as cluster_verdict
    from labels
    join corpus.members as members on members.row = labels.row
    where labels.cluster_verdict is not null
    group by members.node
)
select
    members.cluster as origin,
    members.cluster as part,
    members.row,
    members.node,
    samples.id,
    samples.valid_utf8 and samples.tokens > 0 and samples.verdict is distinct from 'drop' as drawable,
    coalesce(labels.survivor = 'yes', false) as chosen,
    judged.cluster_verdict,
    survivor_ranks(
        samples.verdict,
        samples.tier,
        samples.license_class,
        samples.quality,
        members.tested,
        epoch(samples.created),
        samples.bytes
    ) as ranks
from corpus.members as members
join samples on samples.place = members.row
left join labels on labels.row = members.row
left join judged on judged.node = members.node
where $clusters::bigint[] is null or members.cluster in (select unnest($clusters::bigint[]))
