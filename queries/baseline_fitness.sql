select
    count(*) as samples,
    coalesce(sum(tokens), 0)::bigint as tokens,
    count(*) filter (where origin <> 'human') as not_human,
    count(*) filter (where tier is null or tier > 2) as low_tiers,
    count(*) filter (
        where (created is null or created >= $until::timestamp) and origin_evidence is distinct from $verified
    ) as undated
from samples
/*where*/
