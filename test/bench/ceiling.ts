import { createRunParser } from '../../src/logs/parse.ts'
import type { QuestDBAddress } from '../../src/store/address.ts'
import { callQuestDB } from '../../src/store/http.ts'
import { originOf } from '../../src/store/ilp-fields.ts'
import { createRowBuffer } from '../../src/store/ilp.ts'
import type { Part } from '../../src/store/slabs.ts'
import { runsOf } from './dataset.ts'
import type { Dataset } from './dataset.ts'
import { timed } from './figure.ts'
import type { Figure } from './figure.ts'
import { untilVisible, withQuestDB } from './questdb.ts'

const runsPerPost = 20

/** What QuestDB takes at most: all rows, encoded before, into the same tables, each time into an empty QuestDB. */
export async function measureCeiling(dataset: Dataset, connections: readonly number[]): Promise<Figure[]> {
  const bodies = await encode(dataset)
  const figures: Figure[] = []
  for (const count of connections) {
    const effort = await withQuestDB(({ address, pid }) =>
      timed({ bun: process.pid, questdb: pid }, async () => {
        await postAll(address, bodies, count)
        await untilVisible(address, dataset.rows)
      }),
    )
    const { lines, bytes } = dataset
    const measured = { lines, bytes, ...effort, peak_rss_mb: null, loop_p99_ms: null }
    figures.push({
      name: `ceiling, ${count} connections`,
      ...measured,
      note: 'rows encoded before, to visible',
    })
  }
  return figures
}

async function encode(dataset: Dataset): Promise<Buffer<ArrayBuffer>[]> {
  const parser = createRunParser()
  const rowBuffer = createRowBuffer()
  const bodies: Buffer<ArrayBuffer>[] = []
  let parts: Part[] = []
  const close = async (): Promise<void> => {
    await rowBuffer.take(parts, async (joined) => void bodies.push(Buffer.concat(joined)))
    parts = []
  }
  for await (const run of runsOf(dataset)) {
    parts.push(rowBuffer.append(parser.parse(run).operations, originOf('bench', 'access-logs/all')))
    if (parts.length === runsPerPost) await close()
  }
  if (parts.length > 0) await close()
  return bodies
}

async function postAll(
  address: QuestDBAddress,
  bodies: readonly Uint8Array<ArrayBuffer>[],
  connections: number,
): Promise<void> {
  const left = [...bodies]
  const post = async (): Promise<void> => {
    for (let body = left.shift(); body; body = left.shift()) {
      const response = await callQuestDB(address, '/write?precision=us', { body })
      if (!response.ok) throw new Error(`Cannot measure: ${await response.text()}`)
      await response.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: connections }, post))
}
