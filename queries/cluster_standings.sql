create /*scope*/ table /*standings*/ as
with ordered as (
    select
        members.*,
        row_number() over chosen_first as place,
        first_value(node) over chosen_first as survivor_node,
        first_value(cluster_verdict) over chosen_first as survivor_verdict,
        count(*) over (partition by part) as cluster_size,
        first_value(row) over (partition by part order by id) as first_row,
        first_value(row) over (partition by origin order by id) as origin_row
    from /*members*/ as members
    window chosen_first as (
        partition by part
        order by not drawable, not chosen, ranks[2] = 9, list_select(ranks, $order::integer[]), id
    )
)
select
    ordered.row,
    ordered.node,
    ordered.survivor_node,
    ordered.origin,
    ordered.first_row,
    ordered.first_row = ordered.origin_row as keeps_number,
    ordered.cluster_size,
    ordered.place = 1 as survivor,
    if(ordered.node = ordered.survivor_node, 1.0, pairs.similarity) as similarity,
    list_has_any(
        list_filter(string_split(ordered.cluster_verdict, ' '), lambda judged: ends_with(judged, ':=')),
        string_split(ordered.survivor_verdict, ' ')
    ) as confirmed,
    len(
        list_filter(
            string_split(ordered.cluster_verdict, ' '),
            lambda judged: not list_contains(string_split(ordered.survivor_verdict, ' '), judged)
                and list_contains(
                    list_transform(
                        string_split(ordered.survivor_verdict, ' '), lambda other: split_part(other, ':', 1)
                    ),
                    split_part(judged, ':', 1)
                )
        )
    ) > 0 as parted
from ordered
left join /*pairs*/ as pairs
    on pairs.one = least(ordered.node, ordered.survivor_node)
    and pairs.other = greatest(ordered.node, ordered.survivor_node)
