/** What people and models must know to write SQL for the gate. */
export const dialectNotes: readonly string[] = [
  'One SELECT of QuestDB; WITH, UNION, EXCEPT, INTERSECT and subqueries in FROM and IN are allowed. No DECLARE, PIVOT, SHOW, EXPLAIN, semicolons.',
  'Each table holds the rows of your own log sources and of the window from..to (the last 90 days unless given): no condition on source is needed.',
  "Times are UTC: ts >= '2026-10-05T14:00:00Z', ts >= dateadd('h', -6, now()), ts IN '2026-10-05', ts IN today(). There is no INTERVAL and no now() - 1d.",
  'Per interval: SELECT ts, count() AS n FROM operations SAMPLE BY 1h, with FILL(0) for gaps; SAMPLE BY stands behind WHERE and before ORDER BY. Columns that are no aggregates are groups.',
  'GROUP BY may be left out: columns that are no aggregates are the groups.',
  'There is no HAVING: SELECT * FROM (SELECT bucket, count() AS n FROM operations) WHERE n > 100. There is no FILTER: sum(CASE WHEN status >= 500 THEN 1 ELSE 0 END).',
  'Give every aggregate a name with AS; without one its name is its text, such as "count()".',
  'The newest row of each: SELECT * FROM snapshots LATEST ON ts PARTITION BY bucket.',
  'Percentiles: approx_percentile(total_ms, 0.95, 2), with a precision of at most 2 and at most 10,000 groups.',
  'A share of the whole: CROSS JOIN (SELECT count() AS total FROM operations) t, then 100.0 * count() / max(t.total). Subqueries cannot be values in a select list; EXISTS is IN.',
  'JOIN needs an equality of two columns, at most four tables; ASOF JOIN takes ON (bucket). CROSS JOIN is for subqueries of few rows.',
  "Patterns: LIKE and ILIKE with % at one place or at both ends; ~ with * or + behind a leading ^ alone (user_agent ~ 'bot|crawler', key ~ '\\.(jpg|png)$'). Text functions: split_part(referer, '/', 3), regexp_replace(referer, '^https?://([^/]+).*$', '$1').",
  'At most 30 text searches and text functions a statement: a pattern counts once for each ten characters, with ILIKE half as much again; at most four texts may be put together.',
  'Whole numbers divide as whole numbers: write 100.0 * a / b. round(x, 2) may be off by a hair: leave rounding to the reader.',
  'Top rows: ORDER BY n DESC LIMIT 20. The order of a subquery is not kept: order outside.',
  'Requests that clients sent are rows with is_request; rows of the origin have format s3, those of the CDN cdn.',
]
