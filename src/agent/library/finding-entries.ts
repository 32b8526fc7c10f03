import type { EntryParameter } from '../../search/rank.ts'
import { bucket } from '../../questions/question.ts'
import type { LibraryEntry } from './entry.ts'

const limit: EntryParameter = { name: 'limit', description: 'rows at most', type: 'integer', default: 20 }

/** Findings, which look at time by themselves. */
export const findingEntries: readonly LibraryEntry[] = [
  {
    name: 'findings',
    title: 'What is wrong, dangerous or costly?',
    words:
      'any problems, anything wrong, anything suspicious, findings, incidents, alerts, what should I look at; gibt es Probleme, gibt es Auffälligkeiten, Vorfälle, Befunde',
    description: 'What detectors found without being asked, the worst first.',
    category: 'findings',
    parameters: [bucket, limit],
    windows: 'none',
    callOf: ({ parameters }) => ({ tool: 'list_findings', given: { ...parameters } }),
  },
]
