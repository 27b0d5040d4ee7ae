-- Counts of a log of requests, for `sizer import --trace COUNTS.parquet`.
-- Name your table and its columns below, run this in ${name}, and export the result as Parquet.
-- It reads times and lengths, and no text.
WITH requests AS (
  SELECT
    ${microseconds} AS arrived_us,
    input_tokens,
    output_tokens
  FROM request_log
  WHERE input_tokens >= 1 AND output_tokens >= 1
)

