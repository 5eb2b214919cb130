select "column", reason, files, file
from corpus.not_kept
order by all
