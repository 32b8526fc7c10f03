/**
 * The rules that health events come from, each with a title and with what it says has happened. `src/watch/rules/` has a
 * function for each; filters, schemas, texts and pages are made from this list.
 */
export const eventRules = {
  latency_step: { title: 'Latency jumped', says: 'latency has stepped up' },
  errors_5xx: { title: 'Server errors', says: 'too many 5xx' },
  traffic_zero: { title: 'Traffic stopped', says: 'traffic has stopped' },
  traffic_spike: { title: 'Traffic spike', says: 'traffic has spiked' },
} as const

export type EventRule = keyof typeof eventRules

export const eventRuleNames = Object.keys(eventRules) as EventRule[]
