import { detectLine } from '../logs/detect.ts'
import { describeOperation } from '../logs/operation.ts'
import { redact } from '../logs/redact.ts'
import { isOperation, isWholeOperation, valueOf } from '../logs/s3.ts'
import { cutConnection } from '../logs/s3-tail.ts'
import { parseS3Time } from '../logs/time.ts'
import { partOfRow } from '../store/ilp-fields.ts'

/** What a part of a line stands for: the part of a row that it becomes, and a number. */
export interface Meaning {
  part: Uint8Array
  number: number
}

// As in kernel/learned.ts.
const head = 1
const day = 2
const operation = 3
const connection = 4
const parameter = 5
const is_upload = 1
const is_form = 2
const is_whole = 4

/** What the kernel may learn of a part of a line that it has not met before; null when nothing: it then leaves such lines. */
export function meaningOf(kind: number, text: string): Meaning | null {
  if (kind === head) return meaningOfHead(text)
  if (kind === day) return meaningOfDay(text)
  if (kind === operation) return meaningOfOperation(text)
  if (kind === connection) return meaningOfConnection(text)
  if (kind === parameter) return meaningOfParameter(text)
  return null
}

const nothing = new Uint8Array(0)

/** `owner bucket [` */
function meaningOfHead(text: string): Meaning | null {
  // Comments are told by how they begin.
  if (detectLine(`${text}1/`) !== 's3') return null
  const match = /^[^ ]+ ([^ ]+) \[$/.exec(text)
  return match && { part: partOfRow({ format: 's3', bucket: valueOf(match[1]) }), number: 0 }
}

/** `dd/Mon/yyyy:` */
function meaningOfDay(text: string): Meaning | null {
  const ts = parseS3Time(`${text}00:00:00 +0000`)
  return Number.isNaN(ts) ? null : { part: nothing, number: ts / 1_000_000 }
}

/** `REST.GET.OBJECT` */
function meaningOfOperation(text: string): Meaning | null {
  const kind = describeOperation(text)
  // The class of an unknown operation hangs on the request's method.
  if (!isOperation(text) || kind.class === 'other') return null
  return {
    part: partOfRow({
      operation: text,
      class: kind.class,
      method: kind.method,
      is_request: kind.is_request,
    }),
    number:
      (kind.is_upload ? is_upload : 0) |
      (kind.key_encoding === 'form' ? is_form : 0) |
      (isWholeOperation(text) ? is_whole : 0),
  }
}

/** Signature Version to the end of the line. */
function meaningOfConnection(text: string): Meaning | null {
  const cut = cutConnection(text.trimEnd())
  if (cut === null) return null
  const [signature_version = null, cipher = null, auth_type = null, host = null, tls_version = null] =
    cut.map(valueOf)
  return { part: partOfRow({ host, signature_version, auth_type, tls_version, cipher }), number: 0 }
}

/** The name of a query parameter; 1 when its value is redacted. */
function meaningOfParameter(name: string): Meaning | null {
  // Encoded, it may be more than a name.
  if (name.includes('%')) return null
  const query = `?${name}=x`
  return { part: nothing, number: redact(query) === query ? 0 : 1 }
}
