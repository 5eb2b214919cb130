create table matched_/*view*/ (row bigint)
