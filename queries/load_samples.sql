create table samples as
with read as (
    select file_index, file_row_number, * exclude (signature, shingles, normal_hash, text_gates, tests_share)
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
    judged.id,
    placed.tier,
    suggested.suggested_tier,
    suggested.suggestion_confidence,
    placed.origin,
    placed.origin_evidence,
    placed.language,
    judged.license,
    judged.license_class,
    placed.repo,
    placed.path,
    if(
        year(placed.moment) between 1 and 9999
            and placed.moment::date not in (date '1970-01-01', date '1980-01-01', date '2020-02-02'),
        placed.moment,
        null
    ) as created,
    placed.tokens,
    placed.tokens_exact,
    placed.bytes,
    placed.lines,
    scored.quality,
    scored.quality_pct,
    scored.quality_coverage,
    judged.gates,
    members.cluster,
    coalesce(standings.cluster_size, 1) as cluster_size,
    coalesce(standings.survivor, true) as survivor,
    standings.similarity,
    standings.similarity >= $threshold as direct,
    coalesce(not standings.survivor and standings.similarity >= $threshold, false) as redundant,
    placed.sha256,
    placed.valid_utf8,
    scored.* exclude (row, quality, quality_pct, quality_coverage),
    judged.stated_license,
    judged.license_conflict,
    judged.attribution_required,
    judged.nearest_license,
    judged.nearest_license_path,
    judged.tests_share,
    placed.* exclude (
        row, moment, given_id, hash, tier, unread_tier, origin, unread_origin, origin_evidence, language, license, repo, path, created,
        tokens, tokens_exact, bytes, lines, sha256, valid_utf8
    )
    /*unread*/
from placed
join judged on judged.row = placed.row
join scored on scored.row = placed.row
left join suggested on suggested.row = placed.row
left join members on members.row = placed.row
left join standings on standings.row = placed.row
order by placed.row
