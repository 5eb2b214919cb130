select id, lower(hex(sha256)) as sha256, row
from corpus.samples
semi join (select unnest($rows::bigint[]) as row) as wanted using (row)
order by row
