create table files (file integer, name varchar, rows bigint, bytes bigint);
create table row_groups (base bigint, rows bigint, file integer, row_group integer, content varchar, content_base bigint);
create table quarantine (file varchar, reason varchar);
create table not_kept ("column" varchar, reason varchar, files bigint, file varchar);
create table unread (field varchar, "column" varchar, samples bigint, example varchar);
create table facts (name varchar, value varchar);
create table part_files (name varchar, base bigint);
create temp table parts (part integer, base bigint);
create temp table licences (
    given varchar,
    header varchar,
    nearest varchar,
    expression varchar,
    license_class varchar,
    conflict boolean,
    attribution_required boolean
);
