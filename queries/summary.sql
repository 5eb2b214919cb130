with clusters as (
    select
        cluster,
        count(*) as members,
        count(distinct sha256) as contents
    from samples
    where cluster is not null
    group by cluster
),
copied as (
    select sha256
    from corpus.samples
    where cluster is not null
    group by sha256
    having count(*) > 1
)
select
    (select count(*) from corpus.files) as files,
    (select count(*) from corpus.samples where not valid_utf8) as not_utf8,
    (select count(*) from copied) as exact_clusters,
    (select count(*) from clusters where contents > 1) as near_clusters,
    (select coalesce(sum(members), 0)::bigint from clusters) as clustered,
    (select coalesce(sum(tokens), 0)::bigint from samples where redundant) as tokens_removable,
    (select count(*) from samples where not survivor and not redundant) as kept_members
