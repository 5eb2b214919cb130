select
    chosen.row,
    chosen.copies,
    samples.id,
    nullif(chosen.tier, 0) as tier,
    eligible.origin,
    samples.language,
    samples.license,
    samples.repo,
    samples.path,
    samples.created,
    samples.tokens,
    lower(hex(samples.sha256)) as sha256,
    eligible.cluster,
    eligible.survivor
from chosen_/*stage*/ as chosen
join eligible_/*stage*/ as eligible on eligible.row = chosen.row
join corpus.samples as samples on samples.row = chosen.row
order by chosen.row
