-- Revenue by month and category, with growth against the month before.
with monthly as (
    select
        date_trunc('month', o.ordered_at) as month,
        p.category,
        sum(l.quantity * l.unit_price) as revenue,
        count(distinct o.customer_id) as customers
    from orders o
    join order_lines l on l.order_id = o.id
    join products p on p.id = l.product_id
    where o.status in ('paid', 'shipped')
      and o.ordered_at >= date '2024-01-01'
    group by 1, 2
)
select
    month,
    category,
    revenue,
    customers,
    round(revenue / customers, 2) as revenue_per_customer,
    round(
        100.0 * (revenue - lag(revenue) over by_category) / nullif(lag(revenue) over by_category, 0),
        1
    ) as growth_percent
from monthly
window by_category as (partition by category order by month)
order by month, revenue desc;
