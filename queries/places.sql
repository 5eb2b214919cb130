select
    groups.base,
    groups.rows,
    groups.row_group,
    groups.content,
    groups.content_base,
    groups.file,
    files.name
from corpus.row_groups as groups
join corpus.files as files on files.file = groups.file
order by groups.base
