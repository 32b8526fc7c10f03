/** What a line looks like: `comment` covers blank lines, W3C directives and the banners some servers write. */
type LineShape = 'comment' | 'fields' | 's3' | 'w3c' | 'json' | 'unknown'

const S3_HEAD = /^[^ ]+ +[^ ]+ +\[\d\d?\//

/** Sniffs one line: a log folder may mix formats, and so may one object. */
export function detectLine(line: string): LineShape {
  if (line === '') return 'comment'
  if (line.startsWith('#')) return line.startsWith('#Fields:') ? 'fields' : 'comment'
  if (line.startsWith('log starts ')) return 'comment'
  if (S3_HEAD.test(line)) return 's3'
  if (line.startsWith('{')) return 'json'
  return line.includes('\t') ? 'w3c' : 'unknown'
}
