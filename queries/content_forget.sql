drop table if exists matched_/*view*/
