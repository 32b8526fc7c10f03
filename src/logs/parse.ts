import { isAscii } from 'node:buffer'
import { createCloudFrontReader } from './cloudfront.ts'
import { detectLine } from './detect.ts'
import { lineHash } from './line-hash.ts'
import type { Operation, Refusal } from './record.ts'
import { excerptOf } from './redact.ts'
import { operationFrom } from './s3-operation.ts'
import { holdsSecond, readS3Line } from './s3.ts'

/** Raise it when the same line would become another operation. */
export const parser_version = 3

/** What became of a run: its lines are `operations`, `refused` and `blank` (empty lines and comments) together. */
export interface ParsedRun {
  operations: Operation[]
  refused: Refusal[]
  blank: number
}

export interface RunParser {
  /** Never throws, whatever the bytes are; runs in time linear in them. */
  /** Records from `before_us` on, in microseconds since the epoch, are refused. */
  parse(run: { bytes: Uint8Array; lines: number; first_line: number }, before_us?: number): ParsedRun
}

// Some tools write it at the head of a file.
const byteOrderMark = 0xfeff

/** Parses the runs of one log object, in order: the `#Fields` of a CDN log hold for the lines after it. */
export function createRunParser(): RunParser {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const cloudfront = createCloudFrontReader()

  /** The operation on a line, `blank`, or the reason for refusing it. */
  function parseLine(marked: string, line_hash: bigint): Operation | 'blank' | { reason: string } {
    const line = marked.charCodeAt(0) === byteOrderMark ? marked.slice(1) : marked
    const shape = detectLine(line)
    // What is no end of a line to us may be one to whoever wrote it.
    if ((shape === 'comment' || shape === 'fields') && (line.includes('\r') || holdsSecond(line, 0)))
      return { reason: 'record in a comment' }
    if (shape === 'comment') return 'blank'
    if (shape === 'fields') {
      cloudfront.setFields(line)
      return 'blank'
    }
    if (shape === 's3') {
      const columns = readS3Line(line)
      return 'reason' in columns ? columns : operationFrom(columns, line_hash)
    }
    if (shape === 'w3c') {
      const found = cloudfront.read(line, line_hash)
      return typeof found === 'string' ? { reason: found } : found
    }
    return { reason: shape === 'json' ? 'json is not supported' : 'unknown format' }
  }

  return {
    parse({ bytes, first_line }, before_us = Infinity) {
      const operations: Operation[] = []
      const refused: Refusal[] = []
      let blank = 0
      // A byte is a character, so that one position serves both; a line that is not ASCII is decoded on its own.
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
      const is_ascii = isAscii(bytes)
      let line_number = first_line
      for (let from = 0; from < text.length; line_number += 1) {
        const newline = text.indexOf('\n', from)
        const end = newline === -1 ? text.length : newline
        const to = end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end
        const raw = bytes.subarray(from, to)
        const line = is_ascii || isAscii(raw) ? text.slice(from, to) : decoder.decode(raw)
        const parsed = parseLine(line, lineHash(raw))
        if (parsed === 'blank') blank += 1
        else if ('reason' in parsed)
          refused.push({ line: line_number, reason: parsed.reason, excerpt: excerptOf(line) })
        else if (parsed.ts >= before_us)
          refused.push({ line: line_number, reason: 'time in the future', excerpt: excerptOf(line) })
        else operations.push(parsed)
        from = end + 1
      }
      return { operations, refused, blank }
    },
  }
}
