import { fileURLToPath } from 'node:url'
import { Resvg } from '@resvg/resvg-js'
import { UnavailableError } from '../../errors.ts'
import { fontFamily } from './font.ts'

/** Turns SVG into PNG. Throws UnavailableError when too many drawings wait. */
export type DrawPng = (svg: string) => Promise<Uint8Array<ArrayBuffer>>

const kept = 50
const waitingAtMost = 50

/**
 * Draws one picture at a time, as native memory is only given back when the event loop turns, and keeps the newest. They
 * are kept by the whole drawing, so that nobody is shown another one's.
 */
export function createDrawPng(): DrawPng {
  // Without a font there would be no text, and no error.
  const fontFiles = [fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'))]
  const drawn = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0

  async function draw(svg: string, before: Promise<unknown>): Promise<Uint8Array<ArrayBuffer>> {
    await before
    // Others may be served between two drawings.
    await new Promise((resolve) => setImmediate(resolve))
    const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: fontFamily }
    return new Uint8Array(new Resvg(svg, { font }).render().asPng())
  }

  return (svg) => {
    const known = drawn.get(svg)
    if (known) return known
    if (waiting >= waitingAtMost)
      throw new UnavailableError('Cannot draw one more picture: too many are being drawn', undefined, {
        code: 'too_many_drawings',
      })
    waiting++
    const mine = draw(svg, last).finally(() => waiting--)
    last = mine.catch(() => drawn.delete(svg))
    drawn.set(svg, mine)
    for (const oldest of drawn.keys()) {
      if (drawn.size <= kept) break
      drawn.delete(oldest)
    }
    return mine
  }
}
