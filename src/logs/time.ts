import { remember } from './remember.ts'

const MICROS_PER_SECOND = 1_000_000
const MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND
const MICROS_PER_DAY = 1440 * MICROS_PER_MINUTE
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH_NAMES =
  'january february march april may june july august september october november december'.split(' ')
const S3_TIME = /^(\d{1,2}\/[A-Za-z]{3,9}\/\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/
const startOfS3Day = remember((date) => {
  const [day = '', month = '', year = ''] = date.split('/')
  return startOfDay(Number(year), monthOf(month), Number(day))
})

/** `06/Apr/2024:16:10:20 +0000` (full English month names too) in microseconds since the epoch; NaN if it is no such time. */
export function parseS3Time(text: string): number {
  const match = S3_TIME.exec(text)
  if (match === null) return NaN
  const [, date = '', hour, minute, second, sign, offsetHours, offsetMinutes] = match
  const offset = (sign === '-' ? -1 : 1) * (Number(offsetHours) * 60 + Number(offsetMinutes))
  const time = timeOfDay(Number(hour), Number(minute), Number(second))
  return notBeforeEpoch(startOfS3Day(date) + time - offset * MICROS_PER_MINUTE)
}

/** `2019-12-04` and `21:02:31` (UTC) in microseconds since the epoch; NaN if they are no such time. */
export function parseW3cTime(date: string, time: string): number {
  const days = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date)
  const clock = /^(\d\d):(\d\d):(\d\d)$/.exec(time)
  if (days === null || clock === null) return NaN
  return (
    startOfDay(Number(days[1]), Number(days[2]), Number(days[3])) +
    timeOfDay(Number(clock[1]), Number(clock[2]), Number(clock[3]))
  )
}

function timeOfDay(hour: number, minute: number, second: number): number {
  // 60 is a leap second.
  return hour < 24 && minute < 60 && second <= 60
    ? (hour * 3600 + minute * 60 + second) * MICROS_PER_SECOND
    : NaN
}

// Outside 1970 to 2199 a microsecond is no exact number, or no timestamp that the store takes.
function startOfDay(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(year, month - 1, day))
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return exists && year >= 1970 && year < 2200 ? (date.getTime() / 86_400_000) * MICROS_PER_DAY : NaN
}

function notBeforeEpoch(ts: number): number {
  return ts >= 0 ? ts : NaN
}

function monthOf(name: string): number {
  const lower = name.toLowerCase()
  return 1 + (lower.length === 3 ? MONTHS.indexOf(lower) : MONTH_NAMES.indexOf(lower))
}
