type Encoding = 'zstd' | 'gzip'

// Less is not worth the header.
const least_bytes = 1_024
const compressible = /^(application\/json|text\/csv|text\/plain|image\/svg\+xml)/

/** What a client takes, the faster one first; null where it takes neither. RFC 9110, 12.5.3. */
export function encodingFor(acceptEncoding: string | null): Encoding | null {
  const taken = new Map(
    (acceptEncoding ?? '').split(',').map((part): [string, number] => {
      const [name = '', ...parameters] = part
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/)
      const weight = parameters.find((parameter) => parameter.startsWith('q='))
      return [name, weight === undefined ? 1 : Number(weight.slice(2))]
    }),
  )
  const weightOf = (name: Encoding): number => taken.get(name) ?? taken.get('*') ?? 0
  return (['zstd', 'gzip'] as const).find((name) => weightOf(name) > 0) ?? null
}

/** A body as it is sent, and with which encoding; as it came where that saves nothing. */
export async function compressBody(
  body: string,
  encoding: Encoding | null,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; encoding: Encoding | null }> {
  const bytes = new TextEncoder().encode(body)
  if (encoding === null || bytes.length < least_bytes) return { bytes, encoding: null }
  // 2 ms for each MB.
  if (encoding === 'zstd') return { bytes: new Uint8Array(await Bun.zstdCompress(bytes)), encoding }
  return { bytes: Bun.gzipSync(bytes, { level: 1 }), encoding }
}

/** The same for a body that is sent as it is made. */
export function compressStream(response: Response, encoding: Encoding | null): Response {
  const { body, headers, status } = response
  const isPlain = compressible.test(headers.get('content-type') ?? '') && !headers.has('content-encoding')
  if (encoding === null || body === null || !isPlain) return response
  const compressed = new Response(body.pipeThrough(new CompressionStream(encoding as 'gzip')), {
    status,
    headers,
  })
  compressed.headers.set('content-encoding', encoding)
  compressed.headers.set('vary', 'accept-encoding')
  compressed.headers.delete('content-length')
  return compressed
}
