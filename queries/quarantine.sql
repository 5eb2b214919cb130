select file, reason
from corpus.quarantine
order by file
