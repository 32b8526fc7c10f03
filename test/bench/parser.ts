import type { Run } from '../../src/logs/lines.ts'
import { createRunParser } from '../../src/logs/parse.ts'
import { createRowMaker, everything } from '../../src/pipeline/rows.ts'
import { createRowBuffer } from '../../src/store/ilp.ts'
import type { Part } from '../../src/store/slabs.ts'
import { runsOf } from './dataset.ts'
import type { Dataset } from './dataset.ts'
import { peakRss_mb, timed } from './figure.ts'
import type { Figure } from './figure.ts'

const warmUp_runs = 50
// As the writer takes them.
const runsPerPost = 80

/** One core, lines already cut and in memory: as the pipeline parses, to rows ready for the store; and the careful reader alone. */
export async function measureParser(dataset: Dataset): Promise<Figure[]> {
  const runs = await Array.fromAsync(runsOf(dataset))
  const parser = createRunParser()
  const rowBuffer = createRowBuffer()
  const rowMaker = createRowMaker('bench', rowBuffer)
  let parts: Part[] = []
  const makeRows = (run: Run): Promise<void> | undefined => {
    parts.push(rowMaker.make(run, parser, 'access-logs/all', everything).ilp)
    if (parts.length < runsPerPost) return undefined
    const posted = parts
    parts = []
    return rowBuffer.take(posted, async () => {})
  }
  const read = (run: Run): void => void parser.parse(run)
  return [
    { name: 'parser', ...(await walk(runs, makeRows)), note: 'one core, to rows in line protocol' },
    { name: 'careful reader', ...(await walk(runs, read)), note: 'one core, to records' },
  ]

  async function walk(
    all: readonly Run[],
    work: (run: Run) => Promise<void> | void | undefined,
  ): Promise<Omit<Figure, 'name' | 'note'>> {
    for (const run of all.slice(0, warmUp_runs)) await work(run)
    const effort = await timed({ bun: process.pid }, async () => {
      for (const run of all) await work(run)
    })
    const { lines, bytes } = dataset
    return { lines, bytes, ...effort, peak_rss_mb: peakRss_mb(), loop_p99_ms: null }
  }
}
