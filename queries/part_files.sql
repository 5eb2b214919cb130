select name, base
from corpus.part_files
order by base
