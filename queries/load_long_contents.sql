select node
from contents
where is_long
order by key
