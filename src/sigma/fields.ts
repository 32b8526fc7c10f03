import { operationColumns } from '../gate/view-columns.ts'
import { didYouMean } from '../gate/sql-error.ts'
import { SigmaError } from './problem.ts'

/** Where an access log holds a field: as an event's name, as what is the same for each row, or in a column. */
export type SigmaField =
  { kind: 'event' } | { kind: 'fixed'; value: string } | { kind: 'text' | 'number'; column: string }

/** Columns of `operations` by the fields of a CloudTrail record. Source: AWS's reference of CloudTrail records. */
const columnOfField: Readonly<Record<string, string>> = {
  sourceIPAddress: 'remote_ip',
  userAgent: 'user_agent',
  errorCode: 'error_code',
  requestID: 'request_id',
  'userIdentity.arn': 'requester',
  'requestParameters.bucketName': 'bucket',
  'requestParameters.key': 'key',
  'requestParameters.versionId': 'version_id',
  'additionalEventData.AuthenticationMethod': 'auth_type',
  'additionalEventData.CipherSuite': 'cipher',
  'additionalEventData.SignatureVersion': 'signature_version',
  'additionalEventData.bytesTransferredIn': 'bytes_received',
  'additionalEventData.bytesTransferredOut': 'bytes_sent',
  'tlsDetails.cipherSuite': 'cipher',
  'tlsDetails.clientProvidedHostHeader': 'host',
  'tlsDetails.tlsVersion': 'tls_version',
}

const remedies: readonly [RegExp, string][] = [
  [/^userIdentity/, 'match userIdentity.arn, which is the requester'],
  [/^requestParameters/, 'match requestParameters.bucketName or .key: no more of a request is logged'],
  [/^response|^errorMessage/, 'match errorCode or status'],
  [/^readOnly$/, 'match class: [read, list]'],
]

/** Where the field of a rule stands; its own columns may be named too. Throws SigmaError for one that no access log holds. */
export function readField(field: string, at: string): SigmaField {
  if (field === 'eventName') return { kind: 'event' }
  if (field === 'eventSource') return { kind: 'fixed', value: 's3.amazonaws.com' }
  const name = columnOfField[field] ?? field
  const column = operationColumns.find((one) => one.name === name)
  if (column?.type === 'VARCHAR') return { kind: 'text', column: name }
  if (column?.type === 'INT' || column?.type === 'LONG') return { kind: 'number', column: name }
  const [, remedy] = remedies.find(([pattern]) => pattern.test(field)) ?? []
  const known = ['eventName', 'eventSource', ...Object.keys(columnOfField)]
  throw new SigmaError([
    {
      at,
      fact: 'no access log holds this field',
      remedy:
        remedy ??
        didYouMean(field, known) ??
        `the fields are ${known.join(', ')}, and the columns of operations`,
    },
  ])
}
