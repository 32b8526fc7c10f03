import type { Tool } from './tool.ts'

/** How much a model is shown at once. */
export interface Profile {
  name: 'small' | 'large'
  /** Of one turn. */
  output_tokens: number
  /** Of one result, to the model. */
  result_bytes: number
  /** Of all results that the model still sees: the oldest are left out. */
  results_bytes: number
  /** Turns of the conversation that it sees whole. */
  wholeTurns: number
  /** Characters of each answer in them. */
  answer_chars: number
}

/** `small` fits a context of 8,192 tokens: it chooses from the library first, and sees few tools and rows. */
export const profiles: Record<Profile['name'], Profile> = {
  small: {
    name: 'small',
    output_tokens: 768,
    result_bytes: 2_048,
    results_bytes: 4_096,
    wholeTurns: 2,
    answer_chars: 500,
  },
  large: {
    name: 'large',
    output_tokens: 4_096,
    result_bytes: 8_192,
    results_bytes: 65_536,
    wholeTurns: 4,
    answer_chars: 1_500,
  },
}

export type ProfileName = 'auto' | Profile['name']

const smallBelow_billions = 10

/** `auto` is small for a model whose name tells fewer than ten billion parameters (`qwen2.5-1.5b`). */
export function profileOf(setting: ProfileName, model: string): Profile {
  if (setting !== 'auto') return profiles[setting]
  const billions = Number(/(?<![\w.])(\d+(?:\.\d+)?)b(?![a-z])/i.exec(model)?.[1] ?? Infinity)
  return billions < smallBelow_billions || /(?<!\d)\d+m(?![a-z])/i.test(model)
    ? profiles.small
    : profiles.large
}

const alwaysOffered = new Set(['query_metric', 'search_logs', 'run_sql', 'describe_tables'])
const storageWords = /(?<!\p{L})(?:stor|hold|list|largest|size|now|gespeichert|liegt|liegen|größ)/iu
const storageOffered = new Set(['storage_summary', 'list_objects', 'top_largest'])
const findingOffered = /(?<!\p{L})(?:wrong|finding|problem|happened|alert|falsch|auffällig|passiert)/iu

/** The tools that a small model is offered for a question. */
export function fewTools(tools: readonly Tool[], question: string, hasStorage: boolean): Tool[] {
  const isOffered = ({ name }: Tool): boolean =>
    alwaysOffered.has(name) ||
    (hasStorage && storageOffered.has(name) && storageWords.test(question)) ||
    (name === 'list_findings' && findingOffered.test(question))
  const few = tools.filter(isOffered)
  return few.length > 0 ? few : [...tools]
}
