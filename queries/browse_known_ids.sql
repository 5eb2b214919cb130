select id, lower(hex(sha256)) as sha256
from corpus.samples
semi join (select unnest($ids::varchar[]) as id) as wanted using (id)
