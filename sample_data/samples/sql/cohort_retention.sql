SELECT
    cohort,
    COUNT(DISTINCT user_id) AS size,
    ROUND(100.0 * COUNT(DISTINCT CASE WHEN age = 1 THEN user_id END) / COUNT(DISTINCT user_id), 1) AS month_1,
    ROUND(100.0 * COUNT(DISTINCT CASE WHEN age = 2 THEN user_id END) / COUNT(DISTINCT user_id), 1) AS month_2,
    ROUND(100.0 * COUNT(DISTINCT CASE WHEN age = 3 THEN user_id END) / COUNT(DISTINCT user_id), 1) AS month_3
FROM (
    SELECT
        u.id AS user_id,
        DATE_TRUNC('month', u.signed_up_at) AS cohort,
        DATE_DIFF('month', DATE_TRUNC('month', u.signed_up_at), DATE_TRUNC('month', a.happened_at)) AS age
    FROM users u
    LEFT JOIN activities a ON a.user_id = u.id AND a.happened_at >= u.signed_up_at
) AS ages
GROUP BY cohort
ORDER BY cohort;
