select
    (select count(*) from corpus.files) as files,
    (select count(*) from corpus.samples where not valid_utf8) as not_utf8,
    (select count(distinct cluster) from corpus.samples) as exact_clusters,
    (select count(*) from corpus.samples where cluster is not null) as clustered,
    (select coalesce(sum(tokens), 0)::bigint from corpus.samples where not survivor) as tokens_removable
