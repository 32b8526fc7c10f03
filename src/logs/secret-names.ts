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
  for (const [first = 0, second = 0, third = 0] of firstLetters()) {
    const bit = (first << 10) | (second << 5) | third
    starts[bit >> 3] = (starts[bit >> 3] ?? 0) | (1 << (bit & 7))
  }
  return starts
}

/**
 * The same, for 16 bytes at once and in either case: for each of the three letters 16 masks by its low four bits, and 16
 * by its high ones. Where all six of three letters have a bit in common, these may begin a name (Hyperscan's `Teddy`).
 */
export function secretMasks(): Uint8Array {
  const masks = new Uint8Array(3 * 32)
  const groups = 8
  const set = (at: number, bit: number): void => void (masks[at] = (masks[at] ?? 0) | bit)
  const starts = firstLetters()
  starts.forEach((letters, index) => {
    const bit = 1 << Math.floor((index * groups) / starts.length)
    letters.forEach((letter, position) => {
      set(position * 32 + (letter & 15), bit)
      for (const letter_case of [4, 6]) set(position * 32 + 16 + letter_case + (letter >> 4), bit)
    })
  })
  return masks
}

/** Three numbers for each, from 1 for `a`, in the order of letters. */
function firstLetters(): number[][] {
  const names = [...Object.values(secretNames).flat(), ...authSchemes].toSorted()
  const odd = names.find((name) => !/^[a-z]{3}/.test(name))
  if (odd !== undefined) throw new Error(`Cannot look for ${odd}: it does not begin with three letters`)
  return names.map((name) => [0, 1, 2].map((at) => name.charCodeAt(at) & 31))
}
