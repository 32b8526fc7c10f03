/** A text percent-decoded until nothing is left to decode, and where each of its characters came from: until the next one is decoded. */
export interface Decoded {
  /** A byte that was encoded is one character. */
  text: string
  /** How often the character at `index` was encoded. */
  levelAt(index: number): number
  /** Where, in the text as it was, the character at `index` began. */
  startOf(index: number): number
}

const percent = 37
// Used again: to make them anew takes longer than to decode.
let codes = new Uint16Array(1024)
let levels = new Uint8Array(1024)
let starts = new Uint32Array(1024)

/** Decodes to a fixed point in one pass: what a decoded character completes is decoded at once. Linear in the text. */
export function decodeFully(text: string): Decoded {
  if (!text.includes('%')) return { text, levelAt: () => 0, startOf: (index) => index }
  if (text.length > codes.length) {
    codes = new Uint16Array(text.length * 2)
    levels = new Uint8Array(text.length * 2)
    starts = new Uint32Array(text.length * 2)
  }
  let length = 0
  for (let at = 0; at < text.length; at++) {
    codes[length] = text.charCodeAt(at)
    levels[length] = 0
    starts[length++] = at
    for (let first = length - 3; first >= 0 && codes[first] === percent; first = length - 3) {
      const byte = byteOf(codes[first + 1], codes[first + 2])
      if (byte === null) break
      codes[first] = byte
      // Stays at the highest, as what is encoded 255 times is encoded as often as anything in its text.
      const highest = Math.max(levels[first] ?? 0, levels[first + 1] ?? 0, levels[first + 2] ?? 0)
      levels[first] = Math.min(254, highest) + 1
      length = first + 1
    }
  }
  const at = (index: number): number => (index < length ? (starts[index] ?? 0) : text.length)
  return {
    text: Buffer.from(codes.buffer).toString('utf16le', 0, length * 2),
    levelAt: (index) => levels[index] ?? 0,
    startOf: at,
  }
}

function byteOf(high = 0, low = 0): number | null {
  const [tens, ones] = [digitOf(high), digitOf(low)]
  return tens === null || ones === null ? null : tens * 16 + ones
}

function digitOf(code: number): number | null {
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : null
}
