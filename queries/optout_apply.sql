insert into opted_out
select row, any_value(entry order by line) as entry
from (
    select samples.rowid as row, 'repo ' || entries.value as entry, entries.line
    from corpus.samples as samples
    join optout_entries as entries
        on entries.kind = 'repo'
            and entries.value = rtrim(
                regexp_replace(
                    lower(samples.repo), '^(https?://)?(www\.)?github\.com/|\.git$', '', 'g'
                ),
                '/'
            )
    union all
    select samples.rowid, 'id ' || entries.value, entries.line
    from corpus.samples as samples
    join optout_entries as entries on entries.kind = 'id' and entries.value = samples.id
    union all
    select samples.rowid, 'path ' || entries.value, entries.line
    from corpus.samples as samples
    join optout_entries as entries
        on entries.kind = 'path'
            and (samples.path glob entries.value or samples.repo || '/' || samples.path glob entries.value)
)
group by row
