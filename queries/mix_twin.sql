select samples.id
from eligible_/*stage*/ as eligible
join corpus.samples as samples on samples.row = eligible.row
where samples.sha256 = (select sha256 from corpus.samples where row = $row)
