import type { Change, Moment } from './origin-record.ts'

/** The signature of whoever made the URL travels in the query; now and then in the old form. */
export function presigned({ random, at_ms }: Moment): Change {
  const by = { requester: 'arn:aws:iam::104220117733:user/app-server', auth_type: 'QueryString' } as const
  if (random.chance(0.05)) {
    const query = `AWSAccessKeyId=DEMOKEY00000${random.upperHex(8)}&Expires=${Math.floor(at_ms / 1000) + 3600}&Signature=${random.base64(27)}%3D`
    return { ...by, signature_version: 'SigV2', query: query.replaceAll('/', '%2F').replaceAll('+', '%2B') }
  }
  const day = new Date(at_ms).toISOString().slice(0, 10).replaceAll('-', '')
  const token = random.chance(0.2) ? `&X-Amz-Security-Token=${random.hex(96)}` : ''
  return {
    ...by,
    signature_version: 'SigV4',
    query:
      `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=DEMOKEY00000EXAMPLE0%2F${day}%2Fsgp1%2Fs3%2Faws4_request` +
      `&X-Amz-Date=${day}T000000Z&X-Amz-Expires=86400${token}&X-Amz-SignedHeaders=host&X-Amz-Signature=${random.hex(64)}`,
  }
}
