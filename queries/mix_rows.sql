select
    chosen.row,
    chosen.copies,
    samples.id,
    samples.tier,
    samples.origin,
    samples.language,
    samples.license,
    samples.repo,
    samples.path,
    samples.created,
    samples.tokens,
    lower(hex(samples.sha256)) as sha256
from chosen_/*stage*/ as chosen
join samples on samples.place = chosen.row
order by chosen.row
