import { detectors } from '../../src/findings/detectors.ts'

/** Writes the table of docs/findings.md anew: `bun test/support/run-threshold-table.ts && bun fmt`. */
const path = new URL('../../docs/findings.md', import.meta.url)
const text = await Bun.file(path).text()
const rows = detectors.flatMap(({ name, every, thresholds }) =>
  Object.entries(thresholds).map(([threshold, { default: value, unit, reason, source }]) =>
    [name, every, threshold, value, unit, source === null ? reason : `${reason} (${source})`].join(' | '),
  ),
)
const head = ['detector | every | threshold | default | unit | why', '--- | --- | --- | --- | --- | ---']
const table = [...head, ...rows].map((row) => `| ${row} |\n`).join('')
await Bun.write(path, text.slice(0, text.indexOf('| detector')) + table)
