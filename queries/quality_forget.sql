drop table if exists amended
