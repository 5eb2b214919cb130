create /*scope*/ table /*standings*/ as
with parts as (
    select
        part,
        arg_min(
            struct_pack(row := row, node := node, verdict := cluster_verdict),
            row(not drawable, not chosen, ranks[2] = 9, list_select(ranks, $order::integer[]), id)
        ) as survivor,
        arg_min(row, id) as first_row,
        count(*) as cluster_size
    from /*members*/
    group by part
),
origins as (
    select origin, arg_min(row, id) as first_row
    from /*members*/
    group by origin
),
joined as (
    select
        members.row,
        members.node,
        members.origin,
        members.cluster_verdict,
        parts.survivor,
        parts.first_row,
        parts.cluster_size,
        origins.first_row = parts.first_row as keeps_number
    from /*members*/ as members
    join parts on parts.part = members.part
    join origins on origins.origin = members.origin
)
select
    joined.row,
    joined.node,
    joined.survivor.node as survivor_node,
    joined.origin,
    joined.first_row,
    joined.keeps_number,
    joined.cluster_size,
    joined.row = joined.survivor.row as survivor,
    if(joined.node = joined.survivor.node, 1.0, pairs.similarity) as similarity,
    list_has_any(
        list_filter(string_split(joined.cluster_verdict, ' '), lambda judged: ends_with(judged, ':=')),
        string_split(joined.survivor.verdict, ' ')
    ) as confirmed,
    len(
        list_filter(
            string_split(joined.cluster_verdict, ' '),
            lambda judged: not list_contains(string_split(joined.survivor.verdict, ' '), judged)
                and list_contains(
                    list_transform(
                        string_split(joined.survivor.verdict, ' '), lambda other: split_part(other, ':', 1)
                    ),
                    split_part(judged, ':', 1)
                )
        )
    ) > 0 as parted
from joined
left join /*pairs*/ as pairs
    on pairs.one = least(joined.node, joined.survivor.node)
    and pairs.other = greatest(joined.node, joined.survivor.node)
