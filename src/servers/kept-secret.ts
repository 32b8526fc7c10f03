import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Secret } from '../secret.ts'

/**
 * The secret in the file `path`, made at random (256 bits) at the first call, which `onMade` tells; only the owner can
 * read the file.
 */
export function keepSecret(path: string, onMade: (secret: Secret) => void = () => {}): Secret {
  const kept = existsSync(path) ? readFileSync(path, 'utf8').trim() : ''
  if (kept !== '') {
    chmodSync(path, 0o600)
    return new Secret(kept)
  }
  const made = new Secret(randomBytes(32).toString('base64url'))
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const partial = `${path}.${process.pid}`
  writeFileSync(partial, made.reveal(), { mode: 0o600 })
  renameSync(partial, path)
  onMade(made)
  return made
}
