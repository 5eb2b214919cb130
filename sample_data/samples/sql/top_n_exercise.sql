-- Exercise: the three most expensive products of each category
SELECT *
FROM (
    SELECT p.name,
           p.category,
           p.price,
           ROW_NUMBER() OVER (PARTITION BY p.category ORDER BY p.price DESC) AS rn
    FROM products p
) t
WHERE t.rn <= 3
ORDER BY t.category, t.rn;

-- Exercise: customers without any order
SELECT c.id, c.name
FROM customers c
LEFT JOIN orders o ON o.customer_id = c.id
WHERE o.id IS NULL;

-- Exercise: the day with most orders
SELECT CAST(ordered_at AS DATE) AS day, COUNT(*) AS n
FROM orders
GROUP BY CAST(ordered_at AS DATE)
ORDER BY n DESC
LIMIT 1;
