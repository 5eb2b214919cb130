create table authors (
    id integer primary key,
    name varchar(200) not null
);

create table books (
    id integer primary key,
    isbn char(13) not null unique,
    title varchar(300) not null,
    published_year smallint check (published_year between 1450 and 2100),
    copies integer not null default 1 check (copies >= 0)
);

create table book_authors (
    book_id integer not null references books (id),
    author_id integer not null references authors (id),
    position smallint not null default 1,
    primary key (book_id, author_id)
);

create table members (
    id integer primary key,
    email varchar(254) not null unique,
    joined_on date not null default current_date,
    blocked boolean not null default false
);

create table loans (
    id integer primary key,
    book_id integer not null references books (id),
    member_id integer not null references members (id),
    borrowed_on date not null,
    due_on date not null,
    returned_on date,
    check (due_on > borrowed_on),
    check (returned_on is null or returned_on >= borrowed_on)
);

create index loans_by_member on loans (member_id);
create index loans_by_book on loans (book_id);

create view overdue as
select m.email, b.title, l.due_on, current_date - l.due_on as days_late
from loans l
join members m on m.id = l.member_id
join books b on b.id = l.book_id
where l.returned_on is null
  and l.due_on < current_date;
