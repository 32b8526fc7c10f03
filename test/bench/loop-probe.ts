// Preloaded into the app: on SIGUSR2 it writes what the event loop's delay was since the last time, to the file in LOOP_PROBE.
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()
process.on('SIGUSR2', () => {
  const ms = (ns: number): number => ns / 1e6
  writeFileSync(
    process.env['LOOP_PROBE'] ?? '',
    JSON.stringify({ p99_ms: ms(delay.percentile(99)), max_ms: ms(delay.max) }),
  )
  delay.reset()
})
