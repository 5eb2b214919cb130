select
    measured.row,
    /*columns*/
from measured
join scored on scored.row = measured.row
order by measured.row
