-- Every campaign that ever had a post.
SELECT campaign FROM posts GROUP BY campaign
UNION DISTINCT
SELECT campaign FROM reach GROUP BY campaign
ORDER BY campaign
