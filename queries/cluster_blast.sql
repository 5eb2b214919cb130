select
    samples.tier,
    samples.language,
    samples.repo,
    samples.origin,
    samples.tokens,
    samples.redundant as is_lost_now,
    if(
        proposed.row is null,
        false,
        not proposed.survivor
            and (
                coalesce(proposed.similarity >= $threshold, true)
                or coalesce(proposed.confirmed, false)
                or not $keeps_chains
            )
            and not coalesce(proposed.parted, false)
            and samples.verdict is distinct from 'keep'
    ) as is_lost
from samples
left join standings_/*number*/ as proposed on proposed.row = samples.place
where samples.verdict is distinct from 'drop' and samples.valid_utf8 and samples.tokens > 0
