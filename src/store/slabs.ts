/**
 * Large buffers that are written front to back, part by part, and used again once every part is released. Parts of one
 * slab lie side by side, so that they can be sent as one. What is never released is left to the garbage collector.
 */
export interface Slabs {
  /** A slab that is not in use, of at least `size` bytes. */
  take(size: number): Uint8Array<ArrayBuffer>
  /** Counts a part of a slab as in use. */
  hold(part: Uint8Array<ArrayBuffer>): void
  release(part: Uint8Array<ArrayBuffer>): void
  /** The slab gets no more parts. */
  close(slab: Uint8Array<ArrayBuffer>): void
}

export function createSlabs(slab_bytes: number): Slabs {
  const free: Uint8Array<ArrayBuffer>[] = []
  const use = new WeakMap<ArrayBuffer, { parts: number; closed: boolean }>()

  function freeIfUnused(buffer: ArrayBuffer): void {
    const state = use.get(buffer)
    if (!state?.closed || state.parts > 0) return
    use.delete(buffer)
    if (buffer.byteLength === slab_bytes) free.push(new Uint8Array(buffer))
  }

  return {
    take(size) {
      const slab = (size <= slab_bytes ? free.pop() : undefined) ?? new Uint8Array(Math.max(slab_bytes, size))
      use.set(slab.buffer, { parts: 0, closed: false })
      return slab
    },
    hold({ buffer }) {
      const state = use.get(buffer)
      if (state) state.parts++
    },
    release({ buffer }) {
      const state = use.get(buffer)
      if (!state) return
      state.parts--
      freeIfUnused(buffer)
    },
    close({ buffer }) {
      const state = use.get(buffer)
      if (state) state.closed = true
      freeIfUnused(buffer)
    },
  }
}

/** Joins parts to as few as their places allow: neighbours in one slab become one view, without copying. */
export function joinParts(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer>[] {
  const joined: Uint8Array<ArrayBuffer>[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (last?.buffer === part.buffer && last.byteOffset + last.length === part.byteOffset) {
      joined[joined.length - 1] = new Uint8Array(part.buffer, last.byteOffset, last.length + part.length)
    } else joined.push(part)
  }
  return joined
}
