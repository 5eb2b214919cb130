insert into opted_out
with plain as (
    select
        rowid as row,
        id,
        rtrim(
            regexp_replace(lower(trim(repo)), '^(https?://)?(www\.)?github\.com/|\.git$|^git@github\.com:', '', 'g'), '/'
        ) as repo,
        regexp_replace(replace(path, '\', '/'), '^(\./)?/?', '') as path
    from corpus.samples
),
named as (
    select plain.row, 'repo ' || entries.value as entry, entries.line
    from plain
    join optout_entries as entries on entries.kind = 'repo' and entries.value = plain.repo
    union all
    select plain.row, 'repo ' || entries.value, entries.line
    from plain
    join optout_entries as entries on entries.kind = 'within' and plain.repo || '/' || plain.path glob entries.value
    union all
    select plain.row, 'path ' || entries.value, entries.line
    from plain
    join optout_entries as entries on entries.kind = 'path' and plain.path glob entries.value
    union all
    select plain.row, 'id ' || entries.value, entries.line
    from plain
    join optout_entries as entries on entries.kind = 'id' and entries.value = plain.id
)
select row, any_value(entry order by line) as entry
from named
group by row
