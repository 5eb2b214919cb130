select distinct
    least(node, survivor_node) as one,
    greatest(node, survivor_node) as other
from /*standings*/
where similarity is null
order by one, other
