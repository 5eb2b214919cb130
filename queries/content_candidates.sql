select groups.base, groups.rows, count(*) as candidates
from corpus.row_groups as groups
join (select row from samples /*where*/) as wanted
    on wanted.row >= groups.base and wanted.row < groups.base + groups.rows
group by all
order by groups.base
