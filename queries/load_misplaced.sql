select count(*)
from samples
where rowid <> row
