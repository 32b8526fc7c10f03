import type { HealthEvent } from './event.ts'
import type { EventStore } from './event-store.ts'
import type { Subject } from './series.ts'

/** The events of the last days in memory, as the table holds them. Judging and delivering both change them, so both do it here. */
export interface EventBook {
  load(since_ms: number): Promise<void>
  /** Those of a subject, the oldest first. */
  known(subject: Subject): HealthEvent[]
  /** Takes new and changed ones in at once; resolves when they are stored. May be called again with the same. */
  put(events: readonly HealthEvent[]): Promise<void>
  /** Those that somebody is still to be told of, the oldest first. */
  pending(): HealthEvent[]
  /** Says what became of one that was told as it was then; one that has become worse since stays pending. */
  settle(told: HealthEvent, delivery: 'delivered' | 'expired', now_ms: number): Promise<void>
  counts(): Record<'open' | 'pending', number>
}

export function createEventBook(store: EventStore): EventBook {
  const events = new Map<string, HealthEvent>()
  const all = (): HealthEvent[] => [...events.values()].toSorted((a, b) => a.ts_ms - b.ts_ms)

  function put(changed: readonly HealthEvent[]): Promise<void> {
    for (const event of changed) events.set(event.id, event)
    return store.save(changed)
  }

  return {
    async load(since_ms) {
      for (const event of await store.load(since_ms)) events.set(event.id, event)
    },
    known: ({ source, format, bucket }) =>
      all().filter((event) => event.source === source && event.format === format && event.bucket === bucket),
    put,
    pending: () => all().filter(({ delivery }) => delivery === 'pending'),
    async settle(told, delivery, now_ms) {
      const event = events.get(told.id) ?? told
      const delivered_ms = delivery === 'delivered' ? now_ms : event.delivered_ms
      await put([
        { ...event, delivered_ms, delivery: event.severity === told.severity ? delivery : 'pending' },
      ])
    },
    counts: () => ({
      open: all().filter(({ state }) => state === 'open').length,
      pending: all().filter(({ delivery }) => delivery === 'pending').length,
    }),
  }
}
