import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const piece_bytes = 128 << 10

/**
 * Posts a large body from where it lies, on a connection of its own; rejects when the answer does not arrive whole.
 * Bun's fetch copies the body, and keeps the copy until its garbage collector comes by: 15 MB with each post.
 */
export async function postLarge(
  url: string,
  body: Uint8Array,
  { headers, signal }: { headers: Record<string, string>; signal: AbortSignal },
): Promise<Response> {
  const request = url.startsWith('https:') ? requestHttps : requestHttp
  const length = { 'content-length': String(body.length) }
  const sent = request(url, { method: 'POST', agent: false, headers: { ...headers, ...length }, signal })
  const answered = new Promise<Response>((resolve, reject) => {
    sent.on('error', reject)
    sent.on('response', (answer) => {
      answer
        .toArray()
        .then((parts: Buffer[]) => {
          const text = Buffer.concat(parts)
          return new Response(text.length > 0 ? text : null, { status: answer.statusCode ?? 502 })
        })
        .then(resolve, reject)
    })
  })
  const sending = pipeline(Readable.from(piecesOf(body)), sent).catch(() => {})
  try {
    return await answered
  } finally {
    // Whoever refuses a body may answer before it has read all of it, and read no more.
    sent.destroy()
    await sending
  }
}

function* piecesOf(body: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < body.length; at += piece_bytes) yield body.subarray(at, at + piece_bytes)
}
