with held as (
    select
        coalesce(tier, 0)::tinyint as tier,
        count(*) as samples,
        sum(tokens)::bigint as tokens
    from samples
    group by all
),
repos as (
    select
        tier,
        repo,
        count(*) as samples,
        sum(tokens)::bigint as tokens,
        sum(tokens) filter (where origin = 'human')::bigint as human,
        max(tokens) as largest
    from eligible_/*stage*/
    group by all
),
capped as (
    select
        tier,
        sum(least(tokens, $repo_cap) / tokens * samples)::bigint as samples,
        sum(least(tokens, $repo_cap))::bigint as tokens,
        sum(least(tokens, $repo_cap) / tokens * coalesce(human, 0))::bigint as human,
        max(largest) as largest
    from repos
    group by all
)
select
    held.tier,
    held.samples,
    held.tokens,
    coalesce(capped.samples, 0) as unique_samples,
    coalesce(capped.tokens, 0) as unique_tokens,
    coalesce(capped.largest, 0) as largest_sample,
    coalesce(capped.human, 0) as human_tokens
from held
left join capped on capped.tier = held.tier
order by held.tier
