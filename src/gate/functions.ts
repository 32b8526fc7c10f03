/** How a function's result relates to its arguments, as far as the gate must know. */
export interface FunctionRule {
  kind: 'scalar' | 'aggregate' | 'window'
  /** True when it has few values, whatever it is given: hours, flags, lengths. */
  few?: boolean
  /** True when its result has the unit of its first argument. */
  keepsUnit?: boolean
  /** True when it reads a text from end to end. */
  readsText?: boolean
  /** What its arguments must keep to; by default any. */
  arguments?: 'growing' | 'replacing' | 'regex' | 'percentile' | 'one' | 'rounding'
}

interface Family extends FunctionRule {
  /** Why these may be called. */
  why: string
  names: string
}

// What is not in here is refused: a name that a later QuestDB brings is closed until somebody reads what it does.
const families: readonly Family[] = [
  { why: 'count rows or values', kind: 'aggregate', names: 'count count_distinct' },
  {
    why: 'a sketch of fixed size; its precision may not be chosen',
    kind: 'aggregate',
    arguments: 'one',
    names: 'approx_count_distinct',
  },
  {
    why: 'sums and extremes in constant space',
    kind: 'aggregate',
    keepsUnit: true,
    names: 'sum avg min max first last first_not_null last_not_null ksum nsum geomean mode',
  },
  {
    why: 'spread and relation of values in constant space',
    kind: 'aggregate',
    names:
      'stddev stddev_samp stddev_pop variance var_samp var_pop corr covar_pop covar_samp regr_slope regr_intercept bool_and bool_or arg_min arg_max weighted_avg',
  },
  {
    why: 'a histogram on the Java heap: its precision and the number of groups are bounded',
    kind: 'aggregate',
    keepsUnit: true,
    arguments: 'percentile',
    names: 'approx_percentile approx_median',
  },
  { why: 'a place among rows', kind: 'window', names: 'row_number rank dense_rank percent_rank' },
  {
    why: 'a value of another row',
    kind: 'window',
    keepsUnit: true,
    names: 'lag lead first_value last_value',
  },
  { why: 'arithmetic', kind: 'scalar', keepsUnit: true, names: 'abs ceil ceiling floor' },
  {
    why: 'rounding',
    kind: 'scalar',
    keepsUnit: true,
    arguments: 'rounding',
    names: 'round round_down round_up round_half_even',
  },
  { why: 'arithmetic', kind: 'scalar', names: 'exp ln log power sqrt sign pi' },
  {
    why: 'choose one of the arguments',
    kind: 'scalar',
    keepsUnit: true,
    names: 'coalesce nullif greatest least',
  },
  { why: 'moments', kind: 'scalar', names: 'now systimestamp today yesterday tomorrow' },
  {
    why: 'arithmetic with moments',
    kind: 'scalar',
    names:
      'dateadd datediff date_trunc timestamp_floor timestamp_ceil to_timezone to_utc to_timestamp to_str',
  },
  {
    why: 'parts of a moment',
    kind: 'scalar',
    few: true,
    names:
      'year month day hour minute second week_of_year day_of_week day_of_week_sunday_first days_in_month is_leap_year extract',
  },
  { why: 'parts of a moment', kind: 'scalar', names: 'millis micros' },
  {
    why: 'look at text',
    kind: 'scalar',
    few: true,
    readsText: true,
    names: 'length starts_with strpos position',
  },
  {
    why: 'text that is no longer than its argument',
    kind: 'scalar',
    readsText: true,
    names:
      'lower upper to_lowercase to_uppercase trim ltrim rtrim left right substring split_part size_pretty',
  },
  { why: 'text put together', kind: 'scalar', readsText: true, arguments: 'growing', names: 'concat' },
  { why: 'text replaced', kind: 'scalar', readsText: true, arguments: 'replacing', names: 'replace' },
  {
    why: 'text replaced by a safe pattern',
    kind: 'scalar',
    readsText: true,
    arguments: 'regex',
    names: 'regexp_replace',
  },
]

/** Every function that may be called, by its lower-case name. */
export const functions: ReadonlyMap<string, FunctionRule> = new Map(
  families.flatMap(({ names, ...rule }) => names.split(' ').map((name) => [name, rule] as const)),
)

/** What people and models write instead of what this QuestDB or this gate knows, and what to write. */
export const insteadOf: Readonly<Record<string, string>> = {
  percentile_cont: 'write approx_percentile(total_ms, 0.95, 2)',
  percentile_disc: 'write approx_percentile(total_ms, 0.95, 2)',
  quantile: 'write approx_percentile(total_ms, 0.95, 2)',
  percentile: 'write approx_percentile(total_ms, 0.95, 2)',
  median: 'write approx_percentile(total_ms, 0.5, 2)',
  approx_distinct: 'write count_distinct(column)',
  uniq: 'write count_distinct(column)',
  string_agg: 'texts of unbounded length are not built: write one row per value',
  string_distinct_agg: 'texts of unbounded length are not built: write one row per value',
  group_concat: 'texts of unbounded length are not built: write one row per value',
  listagg: 'texts of unbounded length are not built: write one row per value',
  array_agg: 'arrays are not built: write one row per value',
  lpad: 'pad the text where it is shown',
  rpad: 'pad the text where it is shown',
  repeat: 'texts of unbounded length are not built',
  date_format: "write to_str(ts, 'yyyy-MM-dd')",
  to_char: "write to_str(ts, 'yyyy-MM-dd')",
  strftime: "write to_str(ts, 'yyyy-MM-dd')",
  date_add: "write dateadd('h', -1, now())",
  date_sub: "write dateadd('h', -1, now())",
  date_diff: "write datediff('s', from, to)",
  date: "write date_trunc('day', ts)",
  current_timestamp: 'write now()',
  current_date: "write date_trunc('day', now())",
  current_time: 'write now()',
  date_bin: "write timestamp_floor('5m', ts)",
  time_bucket: "write timestamp_floor('5m', ts), or SAMPLE BY 5m",
  from_unixtime: 'ts is a timestamp already',
  parse_datetime: "ts is a timestamp already: compare it with '2026-10-05T14:00:00Z'",
  date_parse: "ts is a timestamp already: compare it with '2026-10-05T14:00:00Z'",
  ifnull: 'write coalesce(a, b)',
  nvl: 'write coalesce(a, b)',
  if: 'write CASE WHEN a THEN b ELSE c END',
  iff: 'write CASE WHEN a THEN b ELSE c END',
  iif: 'write CASE WHEN a THEN b ELSE c END',
  switch: 'write CASE a WHEN b THEN c ELSE d END',
  countif: 'write sum(CASE WHEN a THEN 1 ELSE 0 END)',
  count_if: 'write sum(CASE WHEN a THEN 1 ELSE 0 END)',
  sum_if: 'write sum(CASE WHEN a THEN b ELSE 0 END)',
  max_by: 'write arg_max(value, by), or LATEST ON ts PARTITION BY column',
  min_by: 'write arg_min(value, by)',
  any_value: 'write first(column)',
  regexp_like: "write column ~ 'pattern'",
  regexp_matches: "write column ~ 'pattern'",
  regexp_extract: "write regexp_replace(column, '^.*(pattern).*$', '$1') or split_part(column, '/', 3)",
  regexp_substr: "write regexp_replace(column, '^.*(pattern).*$', '$1') or split_part(column, '/', 3)",
  substr: 'write substring(text, start, length)',
  instr: 'write strpos(text, part)',
  char_length: 'write length(text)',
  ntile: 'write row_number() OVER (ORDER BY column) and divide by the number of rows',
  cume_dist: 'write percent_rank() OVER (ORDER BY column)',
  generate_series: 'rows are not made up: write SAMPLE BY 1h FILL(0) for a series without gaps',
  long_sequence: 'rows are not made up: write SAMPLE BY 1h FILL(0) for a series without gaps',
  exists: 'write column IN (SELECT column FROM ...)',
  mod: 'write a % b',
}
