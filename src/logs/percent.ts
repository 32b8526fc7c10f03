/** A text percent-decoded until nothing is left to decode, and where each of its characters came from. */
export interface Decoded {
  /** A byte that was encoded is one character. */
  text: string
  /** How often the character at `index` was encoded. */
  levelAt(index: number): number
  /** Where, in the text as it was, the character at `index` began. */
  startOf(index: number): number
}

const percent = 37
const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true })

/** Decodes to a fixed point in one pass: what a decoded character completes is decoded at once. Linear in the text. */
export function decodeFully(text: string): Decoded {
  if (!text.includes('%')) return { text, levelAt: () => 0, startOf: (index) => index }
  const codes = new Uint16Array(text.length)
  const levels = new Uint8Array(text.length)
  const starts = new Uint32Array(text.length)
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
    text: utf16.decode(codes.subarray(0, length)),
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
