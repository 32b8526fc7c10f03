import { createRunParser } from '../logs/parse.ts'
import type { RunParser } from '../logs/parse.ts'
import type { Refusal } from '../logs/record.ts'
import type { ListedObject } from '../spaces/list.ts'
import type { Part } from '../store/slabs.ts'

/** lister -> reader: a log object that is new, or has a new version. */
export type Found = ListedObject

/** One try at reading one log object; every stage adds to its counts. At the end lines = rows + refused + blank + expired. */
export interface Reading {
  object: ListedObject
  parser: RunParser
  lines: number
  rows: number
  refused: number
  blank: number
  /** Records older than the retention: counted, and not stored. */
  expired: number
  oldest_us: number | null
  newest_us: number | null
  /** A bug lost part of it: it gets no ledger row, so that it is read again after a restart. */
  abandoned: boolean
  /** What the parser has sent and the writer has not made durable: until it is empty there is no ledger row. */
  pending: Set<Parsed>
  /** The parser has sent all of it. */
  ended: boolean
  /** Its ledger row is durable. */
  finished: boolean
  /** Why it could not be read to its end: `gone` from the bucket, or `refused` for what it holds. Null when it was. */
  failure: { state: 'refused' | 'gone'; reason: string } | null
}

/** A reading of which nothing has been read yet. */
export function startReading(object: ListedObject): Reading {
  return {
    object,
    parser: createRunParser(),
    lines: 0,
    rows: 0,
    refused: 0,
    blank: 0,
    expired: 0,
    oldest_us: null,
    newest_us: null,
    abandoned: false,
    pending: new Set(),
    ended: false,
    finished: false,
    failure: null,
  }
}

/** reader -> parser: whole lines. */
export interface Fetched {
  reading: Reading
  bytes: Uint8Array
  first_line: number
  lines: number
  /** Lines that were too long to be held. */
  refused: Refusal[]
  /** Nothing more comes of this reading. */
  last: boolean
  /** To be called once the bytes are read no more. */
  release?: () => void
}

/** parser -> writer: rows in line protocol. */
export interface Parsed {
  reading: Reading
  ilp: Part
  rows: number
  /** Those that are kept; `reading` has counted all. */
  refused: Refusal[]
  first_line: number
}
