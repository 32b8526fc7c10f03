/**
 * The formats of access logs, each with whose requests it tells of. Filters, schemas, texts and pages are made from this
 * list; `logs/parse.ts` has a reader for each.
 */
export const logFormats = [
  { name: 's3', title: 'Origin', requests: 'requests to the origin' },
  { name: 'cdn', title: 'CDN', requests: 'requests to the CDN' },
] as const

/** `s3`: S3 server access log. `cdn`: CloudFront standard log (Spaces CDN). Never summed together silently. */
export type LogFormat = (typeof logFormats)[number]['name']

export const formatNames: readonly LogFormat[] = logFormats.map(({ name }) => name)

export function isLogFormat(word: string): word is LogFormat {
  return (formatNames as readonly string[]).includes(word)
}
