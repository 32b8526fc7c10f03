import { InvalidError } from '../../errors.ts'
import type { StorageReads } from '../storage-reads.ts'
import type { ToolContext } from '../tool.ts'

/** The caller's own reads. Throws InvalidError for a caller who has only the API key. */
export function needStorage({ storage }: ToolContext): StorageReads {
  if (storage) return storage
  throw new InvalidError(
    'Cannot look into buckets: the caller has sent no Spaces credentials',
    'answer from the access logs, or say that Spaces credentials are needed',
    'no_storage',
  )
}
