select name, value
from corpus.facts
