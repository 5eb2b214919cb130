select
    min(samples.row) as row,
    count(*) as copies,
    max(agreeing.agreement) as agreement
from agreeing
join corpus.samples as samples on samples.rowid = agreeing.row
where samples.row <> $row
group by samples.sha256
order by agreement desc, row
limit $most
