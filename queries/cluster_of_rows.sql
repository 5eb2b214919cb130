select distinct cluster
from corpus.samples
semi join (select unnest($rows::bigint[]) as row) as wanted on wanted.row = rowid
where cluster is not null
