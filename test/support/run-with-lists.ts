import { secretNames } from '../../src/logs/secret-names.ts'
import { names } from '../../src/store/ilp-fields.ts'
import { runOf } from '../logs/fixture.ts'

/**
 * `bun run-with-lists.ts SECRET COLUMN LINE`: prints how many lines the kernel takes, and their rows, where SECRET is one more
 * name that grants access and COLUMN one more letter of the name of a column. A process of its own, as lists are read once.
 */
const [secret = '', column = '', line = ''] = process.argv.slice(2)
if (secret !== '') secretNames.anywhere.push(secret)
if (column !== '') names.bytes_received = new TextEncoder().encode(`,bytes_received${column}=`)
const { createRunParser } = await import('../../src/logs/parse.ts')
const { startLineKernel } = await import('../../src/pipeline/line-kernel.ts')
const { createRowMaker, everything } = await import('../../src/pipeline/rows.ts')
const { createRowBuffer } = await import('../../src/store/ilp.ts')

const kernel = startLineKernel()
const maker = createRowMaker('source', createRowBuffer(), kernel)
let rows = ''
for (let shown = 0; shown < 6; shown++)
  rows = Buffer.from(maker.make(runOf(line), createRunParser(), 'object', everything).ilp.bytes).toString()
console.log(JSON.stringify({ taken: kernel?.take(runOf(line), new Uint8Array(0), everything)?.rows, rows }))
