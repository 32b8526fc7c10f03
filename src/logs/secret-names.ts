/**
 * The names of values that grant access, each by how it stands in a name, in small letters; a blank is any one
 * character that is no letter or digit, or none. The one list of both readers, which look for their first three letters
 * before they look closer.
 */
export const secretNames = {
  /** Anywhere in a name: `X-Amz-Security-Token`. */
  anywhere: [
    'signature',
    'credential',
    'token',
    'secret',
    'passw',
    'passphrase',
    'passcode',
    'pwd',
    'access key',
    'access id',
    'api key',
    'private key',
    'customer key',
    'auth key',
    'auth code',
    'code verifier',
    'authorization',
    'bearer',
    'cookie',
    'jwt',
    'sessid',
    'session id',
    'session key',
    'csrf',
    'xsrf',
    'saml',
  ],
  /** A name's last word: `connect.sid`, `user[pass]`. */
  last: ['sig', 'auth', 'sid', 'session', 'pass', 'otp'],
  /** A whole name: `country_code` is none. */
  whole: ['code'],
}

/** What stands before credentials in the header Authorization, in small letters. */
export const authSchemes = ['bearer', 'basic']

/** A bit for each three letters, of 5 bits each, that a name or a scheme begins with. */
export function secretStarts(): Uint8Array {
  const starts = new Uint8Array(1 << 12)
  for (const name of [...Object.values(secretNames).flat(), ...authSchemes]) {
    if (!/^[a-z]{3}/.test(name))
      throw new Error(`Cannot look for ${name}: it does not begin with three letters`)
    const [first = 0, second = 0, third = 0] = Buffer.from(name).map((letter) => letter & 31)
    const bit = (first << 10) | (second << 5) | third
    starts[bit >> 3] = (starts[bit >> 3] ?? 0) | (1 << (bit & 7))
  }
  return starts
}
