select row, tokens
from eligible_/*stage*/
where tier = $tier
order by u, id
