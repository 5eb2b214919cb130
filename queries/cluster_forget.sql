drop table if exists members_/*number*/;
drop table if exists pairs_/*number*/;
drop table if exists standings_/*number*/;
