select
    grouping_id(tier, language, repo, origin) as kind,
    tier,
    language,
    repo,
    origin,
    count(*) as samples,
    coalesce(sum(tokens), 0)::bigint as tokens,
    count(*) filter (where redundant) as samples_lost_now,
    coalesce(sum(tokens) filter (where redundant), 0)::bigint as tokens_lost_now,
    samples_lost_now as samples_lost,
    tokens_lost_now as tokens_lost
from samples
where verdict is distinct from 'drop' and valid_utf8 and tokens > 0
group by grouping sets ((tier), (language), (repo), (origin))
having samples >= $least and 100 * tokens_lost_now > $percent * tokens
order by tokens_lost_now desc, kind, tier nulls last, language nulls last, repo nulls last, origin nulls last
