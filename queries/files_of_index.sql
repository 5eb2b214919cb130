select name, 'part' as kind from corpus.part_files
union all
select distinct content, 'copy' from corpus.row_groups where content is not null
