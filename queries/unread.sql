select field, "column", samples, example
from corpus.unread
order by all
