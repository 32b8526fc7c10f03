import type { SourceConfig } from '../source-config.ts'
import { startPipeline } from './pipeline.ts'
import type { Pipeline, PipelineOptions } from './pipeline.ts'
import type { SourceStatus } from './status.ts'

/** The log sources whose pipelines run in this process. */
export interface Sources {
  /** Starts the pipeline of a source unless it runs already; gives the source's short name. */
  start(config: SourceConfig): Promise<string>
  statuses(): SourceStatus[]
  stop(deadline_ms: number): Promise<void>
  /** Rejects as soon as any pipeline has broken. */
  failed: Promise<never>
}

export function createSources(shared: Omit<PipelineOptions, 'source' | 'config'>): Sources {
  const running = new Map<string, Promise<Pipeline>>()
  const started: Pipeline[] = []
  const broken = Promise.withResolvers<never>()
  broken.promise.catch(() => {})

  async function run(source: string, config: SourceConfig): Promise<Pipeline> {
    const pipeline = await startPipeline({ ...shared, source, config })
    started.push(pipeline)
    pipeline.finished.catch(broken.reject)
    return pipeline
  }

  return {
    async start(config) {
      const source = sourceId(config)
      const mine = running.get(source) ?? run(source, config)
      running.set(source, mine)
      // What could not be started may be started again.
      await mine.catch(() => running.delete(source))
      await mine
      return source
    },
    statuses: () => started.map((pipeline) => pipeline.status()),
    async stop(deadline_ms) {
      await Promise.all(started.map((pipeline) => pipeline.stop(deadline_ms)))
    },
    failed: broken.promise,
  }
}

/** The short name of a log source: 12 hex digits of SHA-256 over endpoint, bucket and prefix. */
export function sourceId({
  endpoint,
  bucket,
  prefix,
}: Pick<SourceConfig, 'endpoint' | 'bucket' | 'prefix'>): string {
  const identity = JSON.stringify([endpoint, bucket, prefix])
  return new Bun.CryptoHasher('sha256').update(identity).digest('hex').slice(0, 12)
}
