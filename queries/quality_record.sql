select samples.suggested_tier, labels.tier, samples.suggestion_confidence
from labels
join corpus.samples as samples on samples.row = labels.row
where labels.tier is not null and samples.suggested_tier is not null
