select row as pos, /*columns*/
from samples
where place between $first and $last
order by place
