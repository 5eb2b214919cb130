with chosen as (
    select
        cluster,
        count(*) as samples,
        coalesce(sum(tokens), 0)::bigint as tokens
    from (select * from samples /*where*/)
    where cluster is not null
    group by cluster
),
met as (
    select
        samples.cluster,
        list_sort(list_distinct(list(coalesce(/*column*/::varchar, 'none')))) as met
    from samples
    semi join chosen on chosen.cluster = samples.cluster
    group by samples.cluster
)
select
    met.met,
    count(*) as clusters,
    sum(chosen.samples)::bigint as samples,
    sum(chosen.tokens)::bigint as tokens,
    if(count(*) <= $most, list(chosen.cluster order by chosen.cluster), []) as numbers
from chosen
join met on met.cluster = chosen.cluster
where len(met.met) > 1
group by met.met
order by tokens desc, met.met
