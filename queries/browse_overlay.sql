create table labels (
    row bigint,
    tier tinyint,
    origin varchar,
    verdict varchar,
    note varchar,
    stale boolean,
    by_content boolean
);
create view samples as
select
    base.rowid as place,
    base.* replace (
        coalesce(labels.tier, base.tier) as tier,
        coalesce(labels.origin, base.origin, 'unknown') as origin,
        case when labels.origin is not null then 'a curator says so' else base.origin_evidence end as origin_evidence
    ),
    case
        when labels.tier is not null then 'label'
        when base.tier is not null then 'given'
    end as tier_source,
    labels.verdict,
    labels.note,
    coalesce(labels.tier::varchar, labels.origin, labels.verdict, labels.note) is not null as labelled
from corpus.samples as base
left join labels on labels.row = base.rowid;
