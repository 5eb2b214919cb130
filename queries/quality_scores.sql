create /*scope*/ table /*target*/ as
with desired as (
    select *, /*desirabilities*/
    from /*source*/
),
weighed as (
    select row, language, gates, /*kept*/ /*dimensions*/
    from desired
),
summed as (
    select *, /*quality*/ as points, /*coverage*/ as quality_coverage
    from weighed
),
capped as (
    select * exclude (points, gates), /*capped*/ as quality
    from summed
)
select
    row,
    /*kept*/
    /*dimension_names*/,
    quality::float as quality,
    quality_coverage::float as quality_coverage,
    case
        when quality is not null then
            100 * (rank() over in_order - 1 + 0.5 * count(*) over (partition by language, quality))
                / count(quality) over (partition by language)
    end::float as quality_pct
from capped
window in_order as (partition by language order by quality)
