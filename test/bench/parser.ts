import type { Run } from '../../src/logs/lines.ts'
import { createRunParser } from '../../src/logs/parse.ts'
import { createRowMaker, everything } from '../../src/pipeline/rows.ts'
import { createOperationEncoder } from '../../src/store/ilp.ts'
import { runsOf } from './dataset.ts'
import type { Dataset } from './dataset.ts'
import { peakRss_mb, timed } from './figure.ts'
import type { Figure } from './figure.ts'

const warmUp_runs = 50

/** One core, lines already cut and in memory: as the pipeline parses, to rows ready for the store; and the careful reader alone. */
export async function measureParser(dataset: Dataset): Promise<Figure[]> {
  const runs = await Array.fromAsync(runsOf(dataset))
  const parser = createRunParser()
  const encoder = createOperationEncoder()
  const rowMaker = createRowMaker('bench', encoder)
  const makeRows = (run: Run): void =>
    encoder.release(rowMaker.make(run, parser, 'access-logs/all', everything).ilp)
  const read = (run: Run): void => void parser.parse(run)
  return [
    { name: 'parser', ...(await walk(runs, makeRows)), note: 'one core, to rows in line protocol' },
    { name: 'careful reader', ...(await walk(runs, read)), note: 'one core, to records' },
  ]

  async function walk(all: readonly Run[], work: (run: Run) => void): Promise<Omit<Figure, 'name' | 'note'>> {
    all.slice(0, warmUp_runs).forEach(work)
    const effort = await timed({ bun: process.pid }, async () => void all.forEach(work))
    const { lines, bytes } = dataset
    return { lines, bytes, ...effort, peak_rss_mb: peakRss_mb(), loop_p99_ms: null }
  }
}
