create temp table clustered as
with read as (
    select file_index, file_row_number, repo, tier, created, bytes, tokens, valid_utf8, sha256, normal_hash, shingles
    from read_parquet($parts, union_by_name = true)
),
placed as (
    select
        parts.base + read.file_row_number as row,
        case
            when read.shingles = 0 and read.normal_hash is not null then read.normal_hash
            else read.sha256
        end as key,
        read.*
    from read
    join parts on parts.part = read.file_index
),
gathered as (
    select
        placed.row,
        contents.node,
        coalesce(roots.root, contents.node) as part,
        placed.* exclude (row, key)
    from placed
    join contents on contents.key = placed.key
    left join roots on roots.node = contents.node
    where contents.copies > 1 or roots.root is not null
)
select
    gathered.part,
    gathered.part as origin,
    gathered.row,
    gathered.node,
    judged.id,
    gathered.valid_utf8 and gathered.tokens > 0 as drawable,
    false as chosen,
    null::varchar as cluster_verdict,
    tested_repos.repo is not null as tested,
    survivor_ranks(
        null,
        gathered.tier,
        judged.license_class,
        scored.quality,
        tested_repos.repo is not null,
        epoch(try_cast(gathered.created as timestamptz)),
        gathered.bytes
    ) as ranks
from gathered
join judged on judged.row = gathered.row
join scored on scored.row = gathered.row
left join tested_repos on tested_repos.repo = gathered.repo
