create or replace table eligible_/*stage*/ as
with candidates as (
    select
        place as row,
        id,
        coalesce(tier, 0)::tinyint as tier,
        tokens,
        origin,
        coalesce(repo, id) as repo,
        sha256,
        cluster,
        survivor,
        verdict,
        md5_number_upper($family || chr(31) || id) as u
    from samples
    where verdict is distinct from 'drop'
        and (tier is not null or $include_untiered)
        and tokens > 0
        and valid_utf8
        and not redundant
),
once as (
    select *
    from candidates
    where cluster is null
    union all
    select *
    from candidates
    where cluster is not null
    qualify row_number() over (
        partition by sha256
        order by verdict is not distinct from 'keep' desc, case when tier = 0 then 9 else tier end, id
    ) = 1
)
select row, id, tier, tokens, origin, repo, cluster, survivor, u
from once
