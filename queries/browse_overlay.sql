create table labels (
    row bigint,
    tier tinyint,
    origin varchar,
    verdict varchar,
    note varchar,
    survivor varchar,
    cluster_verdict varchar,
    stale boolean,
    by_content boolean
);
create table standings (
    row bigint,
    cluster bigint,
    cluster_size bigint,
    survivor boolean,
    similarity double,
    direct boolean,
    redundant boolean
);
create view samples as
select
    base.rowid as place,
    base.* replace (
        coalesce(labels.tier, base.tier) as tier,
        coalesce(labels.origin, base.origin, 'unknown') as origin,
        case when labels.origin is not null then 'a curator says so' else base.origin_evidence end as origin_evidence,
        if(standings.row is null, base.cluster, standings.cluster) as cluster,
        if(standings.row is null, base.cluster_size, standings.cluster_size) as cluster_size,
        if(standings.row is null, base.survivor, standings.survivor) as survivor,
        if(standings.row is null, base.similarity, standings.similarity) as similarity,
        if(standings.row is null, base.direct, standings.direct) as direct,
        if(standings.row is null, base.redundant, standings.redundant)
            and labels.verdict is distinct from 'keep' as redundant
    ),
    case
        when labels.tier is not null then 'label'
        when base.tier is not null then 'given'
    end as tier_source,
    labels.verdict,
    labels.note,
    coalesce(labels.tier::varchar, labels.origin, labels.verdict, labels.note, labels.survivor, labels.cluster_verdict)
        is not null as labelled
from corpus.samples as base
left join labels on labels.row = base.rowid
left join standings on standings.row = base.rowid;
