with drawn as (
/*drawn*/
)
select
    grouping_id(tier, language, repo, origin) as kind,
    tier,
    language,
    repo,
    origin,
    count(*) as samples,
    coalesce(sum(tokens), 0)::bigint as tokens,
    count(*) filter (where is_lost_now) as samples_lost_now,
    coalesce(sum(tokens) filter (where is_lost_now), 0)::bigint as tokens_lost_now,
    count(*) filter (where is_lost) as samples_lost,
    coalesce(sum(tokens) filter (where is_lost), 0)::bigint as tokens_lost
from drawn
group by grouping sets (/*slices*/)
having samples_lost > 0 or samples_lost_now > 0 or grouping_id(tier, language, repo, origin) = 15
order by tokens_lost desc, tokens desc, tier nulls last, language nulls last, repo nulls last, origin nulls last
