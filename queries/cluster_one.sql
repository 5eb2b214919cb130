select
    samples.row,
    samples.id,
    lower(hex(samples.sha256)) as sha256,
    members.node,
    samples.similarity,
    samples.direct,
    samples.survivor,
    samples.redundant,
    samples.tier,
    samples.tier_source,
    samples.origin,
    samples.verdict,
    samples.note,
    samples.language,
    samples.tokens,
    samples.tokens_exact,
    samples.lines,
    samples.repo,
    samples.path,
    samples.license,
    samples.labelled,
    labels.survivor is not null as chosen,
    labels.cluster_verdict,
    samples.quality,
    samples.gates,
    samples.valid_utf8 and samples.tokens > 0 and samples.verdict is distinct from 'drop' as drawable,
    survivor_ranks(
        samples.verdict,
        samples.tier,
        samples.license_class,
        samples.quality,
        members.tested,
        epoch(samples.created),
        samples.bytes
    ) as ranks
from samples
join corpus.members as members on members.row = samples.place
left join labels on labels.row = samples.place
where samples.cluster = $cluster
    and members.cluster = $origin
order by not samples.survivor, samples.similarity desc, samples.id
