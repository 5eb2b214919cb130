select
    /*column*/ as value,
    count(*) as samples,
    coalesce(sum(tokens), 0)::bigint as tokens,
    count(quality) as known,
    quantile_cont(quality, [0.25, 0.5, 0.75]) as quartiles,
    avg(quality_coverage) as coverage
from samples
/*where*/
group by value
order by samples desc, value
