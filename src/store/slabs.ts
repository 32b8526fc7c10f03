/** Bytes that lie in a slab, until they are released; what holds them may put others in their place. */
export interface Part {
  bytes: Uint8Array<ArrayBuffer>
}

/**
 * Large buffers that are written front to back, part by part, and used again once every part is released. Parts of one
 * slab lie side by side, so that they can be sent as one. What is never released is left to the garbage collector.
 */
export interface Slabs {
  /** A slab that is not in use, of at least `size` bytes. */
  take(size: number): Uint8Array<ArrayBuffer>
  /** Counts these bytes of a slab as in use; nothing at all is not in use. */
  hold(bytes: Uint8Array<ArrayBuffer>): Part
  /** A second time does nothing. */
  release(part: Part): void
  /** The slab gets no more parts. */
  close(slab: Uint8Array<ArrayBuffer>): void
}

interface Slab {
  parts: number
  closed: boolean
}

export function createSlabs(slab_bytes: number): Slabs {
  const free: Uint8Array<ArrayBuffer>[] = []
  const slabs = new WeakMap<ArrayBuffer, Slab>()
  const placeOf = new WeakMap<Part, ArrayBuffer>()

  function freeIfUnused(buffer: ArrayBuffer): void {
    const slab = slabs.get(buffer)
    if (!slab?.closed || slab.parts > 0) return
    slabs.delete(buffer)
    if (buffer.byteLength === slab_bytes) free.push(new Uint8Array(buffer))
  }

  return {
    take(size) {
      const slab = (size <= slab_bytes ? free.pop() : undefined) ?? new Uint8Array(Math.max(slab_bytes, size))
      slabs.set(slab.buffer, { parts: 0, closed: false })
      return slab
    },
    hold(bytes) {
      const part = { bytes }
      const slab = slabs.get(bytes.buffer)
      if (!slab || bytes.length === 0) return part
      slab.parts++
      placeOf.set(part, bytes.buffer)
      return part
    },
    release(part) {
      const buffer = placeOf.get(part)
      const slab = buffer && slabs.get(buffer)
      if (!placeOf.delete(part) || !buffer || !slab) return
      slab.parts--
      freeIfUnused(buffer)
    },
    close({ buffer }) {
      const slab = slabs.get(buffer)
      if (slab) slab.closed = true
      freeIfUnused(buffer)
    },
  }
}

/** Joins bytes to as few as their places allow: neighbours in one slab become one view, without copying. */
export function joinBytes(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer>[] {
  const joined: Uint8Array<ArrayBuffer>[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (last?.buffer === part.buffer && last.byteOffset + last.length === part.byteOffset) {
      joined[joined.length - 1] = new Uint8Array(part.buffer, last.byteOffset, last.length + part.length)
    } else joined.push(part)
  }
  return joined
}
