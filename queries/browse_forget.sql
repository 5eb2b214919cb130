drop table if exists view_/*view*/;
