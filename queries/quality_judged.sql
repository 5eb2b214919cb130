select
    samples.quality,
    labels.tier,
    samples.language,
    coalesce(samples.repo, samples.id) as repo,
    samples.comment_share
from samples
join labels on labels.row = samples.place
where labels.tier is not null and samples.quality is not null
