-- Keeps the most complete and then the newest row of each e-mail address.
create table contacts_clean as
select id, email, name, phone, updated_at
from (
    select
        id,
        lower(trim(email)) as email,
        nullif(trim(name), '') as name,
        nullif(regexp_replace(phone, '[^0-9+]', '', 'g'), '') as phone,
        updated_at,
        row_number() over (
            partition by lower(trim(email))
            order by
                (case when name is not null then 1 else 0 end + case when phone is not null then 1 else 0 end) desc,
                updated_at desc,
                id
        ) as place
    from contacts
    where email like '%_@_%'
) ranked
where place = 1;
