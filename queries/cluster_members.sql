create table members_/*number*/ as
select
    members.cluster as origin,
    members.cluster as part,
    members.row,
    members.node,
    samples.id,
    samples.valid_utf8 and samples.tokens > 0 and samples.verdict is distinct from 'drop' as drawable,
    coalesce(labels.survivor = 'yes', false) as chosen,
    labels.cluster_verdict,
    survivor_ranks(
        samples.verdict,
        samples.tier,
        samples.license_class,
        null,
        members.tested,
        epoch(samples.created),
        samples.bytes
    ) as ranks
from corpus.members as members
join samples on samples.place = members.row
left join labels on labels.row = members.row
where $clusters::bigint[] is null or members.cluster in (select unnest($clusters::bigint[]))
