select chosen.pos as pos, /*columns*/
from (
    select rowid as pos, row
    from view_/*view*/
    where rowid between $first and $last
) as chosen
join samples on samples.place = chosen.row
order by chosen.pos
