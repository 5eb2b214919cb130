create or replace table chosen_/*stage*/ (row bigint, tier tinyint, copies integer)
