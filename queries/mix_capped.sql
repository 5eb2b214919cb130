delete from eligible_/*stage*/
where row in (
    select row
    from (
        select
            row,
            sum(tokens) over in_order as reached,
            row_number() over in_order as number
        from eligible_/*stage*/
        window in_order as (partition by tier, repo order by u, id rows unbounded preceding)
    ) as walked
    where reached > $repo_cap and number > 1
)
