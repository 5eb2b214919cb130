select id, row
from corpus.samples
semi join (select unnest($ids::varchar[]) as id) as wanted using (id)
