create table stock_moves (
    id bigint primary key,
    sku varchar not null,
    warehouse varchar not null,
    quantity integer not null check (quantity <> 0),
    reason varchar not null check (reason in ('purchase', 'sale', 'return', 'count', 'transfer')),
    moved_at timestamp not null default current_timestamp
);

create view stock_levels as
select sku, warehouse, sum(quantity) as on_hand, max(moved_at) as last_move
from stock_moves
group by sku, warehouse;

create view stock_history as
select
    sku,
    warehouse,
    moved_at,
    reason,
    quantity,
    sum(quantity) over (partition by sku, warehouse order by moved_at, id) as balance
from stock_moves;

-- Moves that would have taken a shelf below zero: a counting error or a missing booking.
create view impossible_moves as
select * from stock_history where balance < 0;
