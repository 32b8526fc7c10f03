import Type from 'typebox'
import { operationClasses } from '../../logs/record.ts'
import { orList } from '../../schema.ts'

function text(description: string, maxLength = 1024) {
  return Type.Optional(Type.String({ minLength: 1, maxLength, description }))
}

/** Arguments that say of which time. */
export const windowArguments = {
  from: text('ISO 8601 in UTC, or a time ago such as 6h, 7d; default 24h', 40),
  to: text('ISO 8601 in UTC, or a time ago such as 1h; default now', 40),
}

/** Arguments that narrow rows of operations; the metrics room checks each. */
export const filterArguments = {
  bucket: text('bucket names, with commas between them'),
  format: text('s3 (origin) or cdn', 10),
  operation: text('operations as logged, such as REST.GET.OBJECT, with commas between them'),
  class: text(`${orList(operationClasses)}, with commas between them`, 100),
  status: text('404, 4xx, or several with commas between them', 100),
  error_code: text('such as NoSuchKey or SlowDown'),
  key_prefix: text('a first path segment (images), or the beginning of a key with its slash (images/2026/)'),
  key: text('a whole object key'),
  ip: text('a client address'),
  requester: text('a requester as logged, or - for anonymous'),
  user_agent: text('a whole user agent'),
  referer: text('a whole referer, or - for none'),
  method: text('GET, HEAD, PUT, POST, DELETE ...', 20),
}

export function limitArgument(usual: number) {
  const description = `rows; default ${usual}, at most 1000`
  return { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description })) }
}

export const bucketArgument = {
  bucket: Type.String({ minLength: 3, maxLength: 63, description: 'a bucket name' }),
}

export const prefixArgument = { prefix: text('what keys begin with') }

export const keyArgument = {
  key: Type.String({ minLength: 1, maxLength: 1024, description: 'a whole object key' }),
}

export const cursorArgument = { cursor: text('next_cursor of the page before', 2000) }
