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
        redundant,
        verdict,
        md5_number_upper($family || chr(31) || id) as u
    from samples
    where verdict is distinct from 'drop'
        and (tier is not null or $include_untiered)
        and tokens > 0
        and valid_utf8
        and not is_barred(gates, quality_pct, verdict, $exclude::varchar[], $least_quality)
),
standing as (
    select *
    from candidates
    where cluster is not null
    qualify not redundant
        or (
            bool_and(redundant) over (partition by cluster)
                and row_number() over (partition by cluster order by tier, id) = 1
        )
),
once as (
    select *
    from candidates
    where cluster is null
    union all
    select *
    from standing
    qualify row_number() over (
        partition by sha256
        order by verdict is not distinct from 'keep' desc, case when tier = 0 then 9 else tier end, id
    ) = 1
)
select row, id, tier, tokens, origin, repo, cluster, survivor, u
from once
