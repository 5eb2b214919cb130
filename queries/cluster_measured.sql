update /*standings*/ as standings
set similarity = measured.similarity
from measured
where standings.similarity is null
    and measured.one = least(standings.node, standings.survivor_node)
    and measured.other = greatest(standings.node, standings.survivor_node)
