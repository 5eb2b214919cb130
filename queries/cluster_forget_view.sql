drop table if exists cluster_view_/*number*/;
