select /*shares*/
from corpus.samples
where language is not distinct from $language
