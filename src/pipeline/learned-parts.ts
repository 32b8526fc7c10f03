import { detectLine } from '../logs/detect.ts'
import { describeOperation } from '../logs/operation.ts'
import { REDACTED, redact, redactColumn } from '../logs/redact.ts'
import { cutConnection } from '../logs/s3-tail.ts'
import { isOperation, isWholeOperation, valueOf } from '../logs/s3.ts'
import { parseS3Time } from '../logs/time.ts'
import { partOfRow } from '../store/ilp-fields.ts'

/** What a part of a line stands for: the part of a row that it becomes, and a number. */
export interface Meaning {
  part: Uint8Array
  number: number
}

/** The kinds of parts, and the bits of an operation's number, by their names in kernel/learned.ts. */
export type LearnedName =
  | 'HEAD'
  | 'DAY'
  | 'OPERATION'
  | 'CONNECTION'
  | 'PARAMETER'
  | 'REQUESTER'
  | 'IS_UPLOAD'
  | 'IS_BY_METHOD'
  | 'IS_FORM'
  | 'IS_WHOLE'

/**
 * What the kernel may learn of a part of a line that it has not met before, by the numbers that it has for the names;
 * null when nothing: it then leaves such lines.
 */
export function createMeanings(
  numberOf: (name: LearnedName) => number,
): (kind: number, text: string) => Meaning | null {
  const bits = {
    is_upload: numberOf('IS_UPLOAD'),
    is_by_method: numberOf('IS_BY_METHOD'),
    is_form: numberOf('IS_FORM'),
    is_whole: numberOf('IS_WHOLE'),
  }
  const meanings = new Map([
    [numberOf('HEAD'), meaningOfHead],
    [numberOf('DAY'), meaningOfDay],
    [numberOf('OPERATION'), (text: string) => meaningOfOperation(text, bits)],
    [numberOf('CONNECTION'), meaningOfConnection],
    [numberOf('PARAMETER'), meaningOfParameter],
    [numberOf('REQUESTER'), meaningOfRequester],
  ])
  return (kind, text) => meanings.get(kind)?.(text) ?? null
}

const nothing = new Uint8Array(0)

/** `owner bucket [` */
function meaningOfHead(text: string): Meaning | null {
  // Comments are told by how they begin.
  if (detectLine(`${text}1/`) !== 's3') return null
  const match = /^[^ ]+ ([^ ]+) \[$/.exec(text)
  return match && { part: partOfRow({ format: 's3', bucket: redactColumn(valueOf(match[1])) }), number: 0 }
}

/** `dd/Mon/yyyy:` */
function meaningOfDay(text: string): Meaning | null {
  const ts = parseS3Time(`${text}00:00:00 +0000`)
  return Number.isNaN(ts) ? null : { part: nothing, number: ts / 1_000_000 }
}

/** `REST.GET.OBJECT` */
function meaningOfOperation(
  text: string,
  bits: Record<'is_upload' | 'is_by_method' | 'is_form' | 'is_whole', number>,
): Meaning | null {
  const kind = describeOperation(text)
  // The class of such an operation hangs on the request's method, and is this one where both have the same.
  const is_by_method = kind.class === 'other'
  if (!isOperation(text)) return null
  if (is_by_method && (kind.method === null || !text.includes(`.${kind.method}.`))) return null
  return {
    part: partOfRow({
      operation: redact(text),
      class: kind.class,
      method: kind.method,
      is_request: kind.is_request,
    }),
    number:
      (kind.is_upload ? bits.is_upload : 0) |
      (is_by_method ? bits.is_by_method : 0) |
      (kind.key_encoding === 'form' ? bits.is_form : 0) |
      (isWholeOperation(text) ? bits.is_whole : 0),
  }
}

/** Signature Version to the end of the line. */
function meaningOfConnection(text: string): Meaning | null {
  const cut = cutConnection(text.trimEnd())
  if (cut === null) return null
  const [signature_version = null, cipher = null, auth_type = null, host = null, tls_version = null] =
    cut.map((column) => redactColumn(valueOf(column)))
  return { part: partOfRow({ host, signature_version, auth_type, tls_version, cipher }), number: 0 }
}

/** The name of a query parameter; 1 when its value is redacted. */
function meaningOfParameter(name: string): Meaning | null {
  // Encoded, or with other signs in it, it may be more than a name.
  if (!/^[\w.-]+$/.test(name)) return null
  return { part: nothing, number: redact(`?${name}=x`) === `?${name}=${REDACTED}` ? 1 : 0 }
}

/** A requester with signs in it; 1 when it holds a secret. */
function meaningOfRequester(requester: string): Meaning | null {
  return { part: nothing, number: redact(requester) === requester ? 0 : 1 }
}
