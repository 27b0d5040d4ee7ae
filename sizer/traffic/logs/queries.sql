-- The counts of a log, a GROUP BY each: DuckDB runs them over files, `sizer import --sql` prints
-- them for a warehouse. EXACT, QUOTIENT and BUCKET are put in the words of a dialect.

-- name: span
SELECT 'span' AS what, MIN(arrived_us) AS x, MAX(arrived_us) AS y, COUNT(*) AS n,
  SUM(EXACT(input_tokens)) AS sum_x, SUM(EXACT(output_tokens)) AS sum_y, EXACT(0) AS sum_xy
FROM requests

-- Squares of gaps between arrivals: inside each second, and from one second to the next.
-- name: gaps
SELECT 'gaps', 0, 0, COUNT(gap_us), 0, 0, SUM(EXACT(gap_us) * gap_us)
FROM (
  SELECT arrived_us - LAG(arrived_us) OVER (PARTITION BY at_second ORDER BY arrived_us) AS gap_us
  FROM (SELECT arrived_us, QUOTIENT(arrived_us, 1000000) AS at_second FROM requests) AS timed
  UNION ALL
  SELECT first_us - LAG(last_us) OVER (ORDER BY at_second) AS gap_us
  FROM (
    SELECT QUOTIENT(arrived_us, 1000000) AS at_second,
      MIN(arrived_us) AS first_us, MAX(arrived_us) AS last_us
    FROM requests GROUP BY QUOTIENT(arrived_us, 1000000)
  ) AS seconds
) AS gaps

-- name: hours
SELECT 'hours', MOD(at_hour, 24), 0, COUNT(*), 0, 0, 0
FROM (SELECT QUOTIENT(arrived_us, 3600000000) AS at_hour FROM requests) AS hours
GROUP BY MOD(at_hour, 24)

-- Cells of time by how many requests they have: windows, or their tenths, that are whole.
-- name: cells
SELECT '${what}', requests_in, 0, COUNT(*), 0, 0, 0
FROM (
  SELECT QUOTIENT(since_us, ${cell_us}) AS cell, COUNT(*) AS requests_in
  FROM (
    SELECT arrived_us - first_us AS since_us, last_us - first_us AS span_us
    FROM requests CROSS JOIN (
      SELECT MIN(arrived_us) AS first_us, MAX(arrived_us) AS last_us FROM requests
    ) AS ends
  ) AS timed
  WHERE since_us < QUOTIENT(span_us, ${window_us}) * ${window_us}
  GROUP BY QUOTIENT(since_us, ${cell_us})
) AS cells
GROUP BY requests_in

-- name: lengths
SELECT 'lengths', BUCKET(input_tokens), BUCKET(output_tokens), COUNT(*),
  SUM(EXACT(input_tokens)), SUM(EXACT(output_tokens)), SUM(EXACT(input_tokens) * output_tokens)
FROM requests
GROUP BY BUCKET(input_tokens), BUCKET(output_tokens)

-- name: input
SELECT 'input', input_tokens, 0, COUNT(*), 0, 0, 0 FROM requests GROUP BY input_tokens

-- name: output
SELECT 'output', output_tokens, 0, COUNT(*), 0, 0, 0 FROM requests GROUP BY output_tokens

-- name: longest
SELECT 'longest', MAX(input_tokens + output_tokens), 0, COUNT(*), 0, 0, 0 FROM requests

-- name: turns
SELECT 'turns', turns, 0, COUNT(*), 0, 0, 0
FROM (
  SELECT session, COUNT(*) AS turns FROM requests WHERE session IS NOT NULL GROUP BY session
) AS sessions
GROUP BY turns

-- Tokens of prompts that the turn before had, in its prompt or its answer.
-- name: history
SELECT 'history', 0, 0, COUNT(before_tokens), SUM(EXACT(history_tokens)),
  SUM(EXACT(input_tokens)), 0
FROM (
  SELECT input_tokens, before_tokens,
    CASE WHEN before_tokens < input_tokens THEN before_tokens
      WHEN before_tokens IS NULL THEN 0 ELSE input_tokens END AS history_tokens
  FROM (
    SELECT input_tokens, LAG(input_tokens + output_tokens) OVER (
      PARTITION BY session ORDER BY arrived_us, input_tokens, output_tokens
    ) AS before_tokens
    FROM requests WHERE session IS NOT NULL
  ) AS turns
) AS histories

-- The fewest tokens of a block with which every prompt fills the blocks that it names.
-- name: block size
SELECT 'block size', MAX((input_tokens + LEN(blocks) - 1) // LEN(blocks)), 0, COUNT(*), 0, 0, 0
FROM requests WHERE LEN(blocks) > 0

-- Blocks of all prompts, and how many differ. A last block that is not full is never found.
-- name: blocks
SELECT 'blocks', 0, CAST(SUM(times) AS BIGINT), COUNT(*), 0, 0, 0
FROM (
  SELECT block, COUNT(*) AS times
  FROM (
    SELECT UNNEST(LIST_SLICE(blocks, 1, input_tokens // size)) AS block
    FROM requests CROSS JOIN (
      SELECT MAX((input_tokens + LEN(blocks) - 1) // LEN(blocks)) AS size
      FROM requests WHERE LEN(blocks) > 0
    ) AS sizes
  ) AS named
  GROUP BY block
) AS blocks
