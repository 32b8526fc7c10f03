import { LEARNED, MISSED, PART, SLOTS, learned_bytes, missed_texts, slot_bytes, slots } from './memory'
import { copy, same } from './scan'

/**
 * What a part of a line means is learned from the careful reader, which sees it first: the part of a row that it
 * becomes, a number, or both. Few such parts differ from line to line.
 */
export const HEAD: u32 = 1
export const DAY: u32 = 2
export const OPERATION: u32 = 3
export const CONNECTION: u32 = 4
export const PARAMETER: u32 = 5
export const REQUESTER: u32 = 6

/** Bits of an OPERATION's number; that of a PARAMETER is 1 when its value grants access, of a REQUESTER when it holds a secret. */
export const IS_UPLOAD: i64 = 1
export const IS_FORM: i64 = 2
/** Of letters that an operation has, from end to end: it may stand where it does not belong. */
export const IS_WHOLE: i64 = 4
/** Known by its method alone, which that of the request may contradict. */
export const IS_BY_METHOD: i64 = 8

const longest: usize = 512
// However texts are chosen, looking one up takes no more steps.
const steps: usize = 16

/** A slot: kind, where the text lies, its length, its hash, where the part lies, its length, the number. */
export class Slot {
  kind: u32
  text: usize
  length: usize
  hash: u32
  part: usize
  part_length: usize
  number: i64
}

let used: usize = 0
/** How many texts of the last run were not known: `[kind, from, length]` each, up to a limit. */
export let missed: usize = 0

export function forgetMissed(): void {
  missed = 0
}

function hashOf(kind: u32, text: usize, length: usize): u32 {
  let hash: u64 = ((<u64>length) << 8) | kind
  let i: usize = 0
  for (; i + 8 <= length; i += 8) hash = (rotl(hash, 5) ^ load<u64>(text + i)) * 0x9e3779b97f4a7c15
  for (; i < length; i++) hash = (rotl(hash, 5) ^ load<u8>(text + i)) * 0x9e3779b97f4a7c15
  return <u32>(hash >> 32)
}

function slotAt(hash: u32, step: usize): Slot {
  return changetype<Slot>(SLOTS + ((<usize>hash + step) & (slots - 1)) * slot_bytes)
}

/** What was learned of a text; null when nothing was, which is noted. */
export function lookUp(kind: u32, from: usize, to: usize): Slot | null {
  const length = to - from
  if (to <= from || length > longest) return null
  const hash = hashOf(kind, from, length)
  for (let step: usize = 0; step < steps; step++) {
    const slot = slotAt(hash, step)
    if (slot.kind === 0) break
    if (slot.hash === hash && slot.kind === kind && slot.length === length && same(slot.text, from, length))
      return slot
  }
  if (missed < missed_texts) {
    const at = MISSED + missed * 12
    store<u32>(at, kind)
    store<u32>(at, <u32>from, 4)
    store<u32>(at, <u32>length, 8)
    missed++
  }
  return null
}

/** Learns that a text (at `from`) stands for the first `part_length` bytes at PART and for `number`. */
export function learn(kind: u32, from: usize, length: usize, part_length: usize, number: f64): void {
  if (length > longest) return
  if (used + length + part_length + 64 > learned_bytes) forget()
  const hash = hashOf(kind, from, length)
  let slot = slotAt(hash, 0)
  for (let step: usize = 0; slot.kind !== 0; slot = slotAt(hash, step)) {
    if (slot.hash === hash && slot.kind === kind && slot.length === length && same(slot.text, from, length))
      return
    if (++step === steps) {
      forget()
      step = 0
    }
  }
  slot.kind = kind
  slot.text = keep(from, length)
  slot.length = length
  slot.hash = hash
  slot.part = keep(PART, part_length)
  slot.part_length = part_length
  slot.number = <i64>number
}

function keep(from: usize, length: usize): usize {
  const at = LEARNED + used
  copy(at, from, length)
  used += length
  return at
}

function forget(): void {
  memory.fill(SLOTS, 0, slots * slot_bytes)
  used = 0
}
