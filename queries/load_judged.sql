create temp table judged as
with read as (
    select file_index, file_row_number, given_id, hash, repo, path, language, license, header_license, origin, text_gates,
        tests_share, /*signals*/
    from read_parquet($parts, union_by_name = true)
),
placed as (
    select parts.base + read.file_row_number as row, read.* exclude (file_index, file_row_number)
    from read
    join parts on parts.part = read.file_index
),
licensed as (
    select
        placed.row,
        licences.expression as license,
        coalesce(licences.license_class, 'unknown') as license_class,
        coalesce(licences.conflict, false) as license_conflict,
        coalesce(licences.attribution_required, false) as attribution_required,
        nearest.license as nearest_license,
        nearest.path as nearest_license_path
    from placed
    left join nearest on nearest.row = placed.row
    left join licences
        on licences.given is not distinct from placed.license
            and licences.header is not distinct from placed.header_license
            and licences.nearest is not distinct from nearest.license
)
select
    placed.row,
    case
        when $given_ids then placed.given_id
        when ordinals.ordinal > 1 then placed.hash || '-' || ordinals.ordinal
        else placed.hash
    end as id,
    placed.language,
    case
        when placed.code_lines < 50 then 0
        when placed.code_lines < 200 then 1
        when placed.code_lines <= 800 then 2
        else 3
    end as size_class,
    coalesce(licensed.license, placed.license) as license,
    placed.license as stated_license,
    licensed.* exclude (row, license),
    list_concat(
        placed.text_gates,
        if(licensed.license_class = 'unknown', ['G_LICENSE'], []),
        if(licensed.license_conflict, ['G_LICENSE_CONFLICT'], []),
        if(placed.secret_count > 0, ['G_SECRET'], []),
        if(placed.personal_count > 0, ['G_PII'], [])
    ) as gates,
    case
        when placed.tests_share is not null then placed.tests_share
        when touched.repo is not null then 1
        when tested_repos.repo is not null then 0.5
        when placed.repo is not null then 0
    end::float as tests_share,
    placed.* exclude (row, given_id, hash, language, license, text_gates, tests_share)
from placed
join licensed on licensed.row = placed.row
left join ordinals on ordinals.row = placed.row
left join tested_repos on tested_repos.repo = placed.repo
left join touched
    on touched.repo = placed.repo
        and touched.stem = regexp_extract(lower(placed.path), '([^/.]+)[^/]*$', 1)
order by placed.row
