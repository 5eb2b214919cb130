select one, other
from pairs_/*number*/
where similarity >= $threshold
