import { createRunParser } from '../../src/logs/parse.ts'
import type { Run } from '../../src/logs/lines.ts'
import { createOperationEncoder } from '../../src/store/ilp.ts'
import { runsOf } from './dataset.ts'
import type { Dataset } from './dataset.ts'
import { peakRss_mb, timed } from './figure.ts'
import type { Figure } from './figure.ts'

const warmUp_runs = 50

/** One core, lines already cut and in memory: parsing alone, then parsing and encoding. */
export async function measureParser(dataset: Dataset): Promise<Figure[]> {
  const runs = await Array.fromAsync(runsOf(dataset))
  const parser = createRunParser()
  const encoder = createOperationEncoder()
  const parse = (run: Run): void => void parser.parse(run)
  const encode = (run: Run): void =>
    encoder.release(encoder.encode(parser.parse(run).operations, 'bench', 'bench'))
  return [
    { name: 'parser', ...(await walk(runs, parse)), note: 'one core, to records' },
    { name: 'parser + encoder', ...(await walk(runs, encode)), note: 'one core, to line protocol' },
  ]

  async function walk(all: readonly Run[], work: (run: Run) => void): Promise<Omit<Figure, 'name' | 'note'>> {
    all.slice(0, warmUp_runs).forEach(work)
    const effort = await timed({ bun: process.pid }, async () => void all.forEach(work))
    const { lines, bytes } = dataset
    return { lines, bytes, ...effort, peak_rss_mb: peakRss_mb(), loop_p99_ms: null }
  }
}
