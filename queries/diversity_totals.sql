select
    count(*) as samples,
    coalesce(sum(tokens), 0)::bigint as tokens,
    count(distinct coalesce('repository ' || repo, 'cluster ' || cluster, 'sample ' || id)) as units,
    coalesce(sum(tokens) filter (where origin = 'human'), 0)::bigint as human_tokens,
    coalesce(sum(tokens) filter (where origin in ('synthetic', 'mixed')), 0)::bigint as synthetic_tokens,
    count(*) filter (where redundant) as redundant
from samples
/*where*/
