insert into measured_pairs
select members.cluster, measured.one, measured.other, measured.similarity
from measured
join (select distinct cluster, node from corpus.members) as members on members.node = measured.one
anti join measured_pairs as known on known.one = measured.one and known.other = measured.other
