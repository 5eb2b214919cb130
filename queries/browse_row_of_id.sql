select row
from corpus.samples
where id = $id
