drop table if exists baseline_/*number*/
