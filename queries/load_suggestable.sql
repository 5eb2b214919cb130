select
    judged.row,
    /*columns*/
from judged
join scored on scored.row = judged.row
where judged.row >= $first and judged.row < $first + $count and scored.row >= $first and scored.row < $first + $count
order by judged.row
