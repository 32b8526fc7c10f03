import { join } from 'node:path'

/** A file of the pages, as it is served. */
export interface Asset {
  type: string
  bytes: Uint8Array
  gzip: Uint8Array
}

/** What browsers need to show the pages. The names hold hashes of the contents. */
export interface WebBundle {
  assets: ReadonlyMap<string, Asset>
  /** Name of the script that a page begins with; it loads the rest when it needs it. */
  script: string
  style: string
}

const web = join(import.meta.dir, '../web')

/** Bundles `src/web`, in memory. */
export async function buildWeb(): Promise<WebBundle> {
  const { outputs } = await Bun.build({
    entrypoints: [join(web, 'main.tsx'), join(web, 'styles/main.css')],
    target: 'browser',
    format: 'esm',
    splitting: true,
    minify: true,
    publicPath: '/assets/',
    naming: { entry: '[name]-[hash].[ext]', chunk: 'part-[hash].[ext]', asset: '[name]-[hash].[ext]' },
  })
  const files = await Promise.all(
    outputs.map(async (output): Promise<[string, Asset]> => {
      const bytes = new Uint8Array(await output.arrayBuffer())
      const name = output.path.replace(/^.*\//, '')
      return [name, { type: output.type, bytes, gzip: Bun.gzipSync(bytes, { level: 9 }) }]
    }),
  )
  const named = (pattern: RegExp): string => files.find(([name]) => pattern.test(name))?.[0] ?? ''
  return { assets: new Map(files), script: named(/^main-\w+\.js$/), style: named(/^main-\w+\.css$/) }
}
