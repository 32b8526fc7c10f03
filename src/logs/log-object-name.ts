const DATE = /(?<!\d)(\d{4})-(\d\d)-(\d\d)(?:-(\d\d)(?:-(\d\d)-(\d\d))?)?(?!\d)/

/**
 * The moment in the name of a log object, in milliseconds since the epoch; null where there is none. S3 writes
 * `PREFIX2026-10-05-13-55-36-ID`, CloudFront `ID.2026-10-05-13.HASH.gz`; what stands before the last slash is not looked at.
 */
export function momentInName(key: string): number | null {
  const found = DATE.exec(key.slice(key.lastIndexOf('/') + 1))
  if (!found) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((part) => Number(part ?? 0))
  const moment_ms = Date.UTC(year, month - 1, day, hour, minute, second)
  const isDate = new Date(moment_ms).toISOString().startsWith(`${found[1]}-${found[2]}-${found[3]}`)
  return isDate && year >= 2000 ? moment_ms : null
}
