create table samples as
with read as (
    select file_index, file_row_number, * exclude (signature, shingles, normal_hash)
    from read_parquet($parts, union_by_name = true)
),
placed as (
    select
        parts.base + read.file_row_number as row,
        make_timestamp(epoch_us(try_cast(read.created as timestamptz))) as moment,
        read.* exclude (file_index, file_row_number)
    from read
    join parts on parts.part = read.file_index
)
select
    placed.row,
    case
        when $given_ids then placed.given_id
        when ordinals.ordinal > 1 then placed.hash || '-' || ordinals.ordinal
        else placed.hash
    end as id,
    placed.tier,
    placed.origin,
    placed.origin_evidence,
    placed.language,
    coalesce(licences.expression, placed.license) as license,
    coalesce(licences.license_class, 'unknown') as license_class,
    placed.repo,
    placed.path,
    if(year(placed.moment) between 1 and 9999, placed.moment, null) as created,
    placed.tokens,
    placed.tokens_exact,
    placed.bytes,
    placed.lines,
    members.cluster,
    coalesce(standings.cluster_size, 1) as cluster_size,
    coalesce(standings.survivor, true) as survivor,
    standings.similarity,
    standings.similarity >= $threshold as direct,
    coalesce(not standings.survivor and standings.similarity >= $threshold, false) as redundant,
    placed.sha256,
    placed.valid_utf8,
    placed.* exclude (
        row, moment, given_id, hash, tier, origin, origin_evidence, language, license, repo, path, created,
        tokens, tokens_exact, bytes, lines, sha256, valid_utf8
    )
from placed
left join ordinals on ordinals.row = placed.row
left join members on members.row = placed.row
left join standings on standings.row = placed.row
left join licences on licences.given = placed.license
order by placed.row
