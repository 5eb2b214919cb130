create table labels (
    row bigint,
    tier tinyint,
    origin varchar,
    verdict varchar,
    note varchar,
    survivor varchar,
    cluster_verdict varchar,
    accepted tinyint,
    conflict boolean,
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
create table amended (
    row bigint,
    hygiene float,
    documentation float,
    error_handling float,
    structure float,
    provenance float,
    low_risk float,
    quality float,
    quality_coverage float,
    quality_pct float
);
create table opted_out (row bigint, entry varchar);
create view samples as
select
    base.rowid as place,
    base.* replace (
        if(amended.row is null, base.hygiene, amended.hygiene) as hygiene,
        if(amended.row is null, base.documentation, amended.documentation) as documentation,
        if(amended.row is null, base.error_handling, amended.error_handling) as error_handling,
        if(amended.row is null, base.structure, amended.structure) as structure,
        if(amended.row is null, base.provenance, amended.provenance) as provenance,
        if(amended.row is null, base.low_risk, amended.low_risk) as low_risk,
        if(amended.row is null, base.quality, amended.quality) as quality,
        if(amended.row is null, base.quality_coverage, amended.quality_coverage) as quality_coverage,
        if(amended.row is null, base.quality_pct, amended.quality_pct) as quality_pct,
        if(opted_out.row is null, base.gates, list_append(base.gates, 'G_OPTOUT')) as gates,
        coalesce(labels.tier, labels.accepted, base.tier) as tier,
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
        when labels.accepted is not null then 'suggested'
        when base.tier is not null then 'given'
    end as tier_source,
    labels.verdict,
    labels.note,
    coalesce(
        labels.tier::varchar,
        labels.origin,
        labels.verdict,
        labels.note,
        labels.survivor,
        labels.cluster_verdict,
        labels.accepted::varchar
    ) is not null as labelled,
    coalesce(labels.conflict, false) as conflict
from corpus.samples as base
left join labels on labels.row = base.rowid
left join standings on standings.row = base.rowid
left join amended on amended.row = base.rowid
left join opted_out on opted_out.row = base.rowid;
