select
    tier,
    language,
    repo,
    origin,
    tokens,
    coalesce(quality_pct < $least_now, false) and verdict is distinct from 'keep' as is_lost_now,
    coalesce(quality_pct < $least, false) and verdict is distinct from 'keep' as is_lost
from samples
where verdict is distinct from 'drop' and valid_utf8 and tokens > 0
