/**
 * Where everything lies: fixed places in one memory that never grows. Vectors of 16 bytes are loaded and stored whole,
 * so each place ends in slack that may be read, or written over, but holds nothing.
 */
const slack: usize = 64

/** The longest run that fits: that of the line cutter, and more. */
export const run_bytes: usize = 256 << 10
export const run_lines: usize = 4096
/** Rows of one run. A line whose row might not fit any more is left to the careful reader. */
export const rows_bytes: usize = 2 << 20
/** What stands at the head of each row, and one learned part of a row. */
export const origin_bytes: usize = 8 << 10
export const part_bytes: usize = 4 << 10
/** Texts and parts that were learned, of all kinds. */
export const learned_bytes: usize = 1 << 20
export const slots: usize = 4096
export const slot_bytes: usize = 32
export const name_bytes: usize = 16
export const most_names: usize = 32
export const missed_texts: usize = 32
export const redacted_bytes: usize = 10
// A bit for each three letters of 5 bits.
export const secret_starts_bytes: usize = 4 << 10
// For each of the letters 16 masks by its low four bits, and 16 by its high ones.
export const secret_masks_bytes: usize = 3 * 32
export const schemes_bytes: usize = 6

export const INPUT: usize = 64 << 10
export const LEFT: usize = INPUT + run_bytes + slack
export const LEFT_LINES: usize = LEFT + run_bytes + slack
export const MISSED: usize = LEFT_LINES + run_lines * 4
export const NAMES: usize = MISSED + missed_texts * 12
export const NAME_LENGTHS: usize = NAMES + most_names * name_bytes
/** What a secret is replaced with. */
export const REDACTED: usize = NAME_LENGTHS + most_names
/** Which three letters begin a name that grants access. */
export const SECRET_STARTS: usize = REDACTED + redacted_bytes + slack
/** The first three letters of two schemes. */
export const SCHEMES: usize = SECRET_STARTS + secret_starts_bytes
/** What tells most of the other letters faster. */
export const SECRET_MASKS: usize = SCHEMES + schemes_bytes + slack
export const ORIGIN: usize = SECRET_MASKS + secret_masks_bytes + slack
export const PART: usize = ORIGIN + origin_bytes + slack
export const SLOTS: usize = PART + part_bytes + slack
export const LEARNED: usize = SLOTS + slots * slot_bytes
export const ROWS: usize = LEARNED + learned_bytes + slack
export const END: usize = ROWS + rows_bytes + slack
