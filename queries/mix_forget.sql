drop table if exists eligible_/*stage*/;
drop table if exists chosen_/*stage*/;
