select
    tier,
    count(*) as samples,
    count(quality) as known,
    quantile_cont(quality, [0.25, 0.5, 0.75]) as quartiles,
    avg(quality_coverage) as coverage
from samples
/*where*/
group by tier
order by tier nulls last
