select coalesce(max(cluster), 0) as clusters
from corpus.members
