with candidates as (
    select gates, quality_pct, verdict, tokens
    from samples
    where verdict is distinct from 'drop'
        and (tier is not null or $include_untiered)
        and tokens > 0
        and valid_utf8
),
behind as (
    select
        unnest(
            list_concat(
                list_filter(
                    gates,
                    lambda gate: gate = 'G_OPTOUT'
                        or (verdict is distinct from 'keep' and list_contains($exclude::varchar[], gate))
                ),
                if(verdict is distinct from 'keep' and quality_pct < $least_quality, ['quality'], [])
            )
        ) as reason,
        tokens
    from candidates
)
select reason, count(*) as samples, sum(tokens)::bigint as tokens
from behind
group by reason
order by tokens desc, reason
