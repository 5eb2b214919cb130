with given as (
    select
        unnest($id::varchar[]) as id,
        unnest($sha256::varchar[]) as sha256
),
by_id as (
    select given.*, base.row, lower(hex(base.sha256)) <> given.sha256 as stale
    from given
    join corpus.samples as base on base.id = given.id
),
gone as (
    select *
    from given
    anti join by_id on by_id.id = given.id
),
by_content as (
    select gone.id, any_value(base.row) as row
    from gone
    join corpus.samples as base on base.sha256 = unhex(gone.sha256)
    group by gone.id
    having count(*) = 1
),
decided as (
    select row
    from by_id
    union all
    select row
    from labels
    where not by_content and coalesce(tier::varchar, origin, verdict, note, survivor, cluster_verdict, accepted::varchar) is not null
),
adopted as (
    select id, row
    from by_content
    anti join decided using (row)
    qualify row_number() over (partition by row order by id) = 1
)
select
    given.id,
    coalesce(by_id.row, adopted.row) as row,
    coalesce(by_id.stale, false) as stale,
    by_id.row is null and adopted.row is not null as by_content
from given
left join by_id on by_id.id = given.id
left join adopted on adopted.id = given.id
