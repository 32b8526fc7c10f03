/** Resolves once `condition` holds (polled every 20 ms); fails, naming `what`, when it has not within `timeout_ms`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { timeout_ms = 30_000, what = condition.toString() }: { timeout_ms?: number; what?: string } = {},
): Promise<void> {
  const deadline = performance.now() + timeout_ms
  while (!(await condition())) {
    if (performance.now() > deadline)
      throw new Error(`Cannot go on: still not true after ${timeout_ms} ms: ${what}`)
    await Bun.sleep(20)
  }
}
