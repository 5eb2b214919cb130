select
    language,
    count(*) as samples,
    coalesce(sum(tokens), 0)::bigint as tokens,
    count(distinct coalesce('repository ' || repo, 'cluster ' || cluster, 'sample ' || id)) as units,
    count(distinct repo) as repositories
from samples
/*where*/
group by language
order by tokens desc, language
