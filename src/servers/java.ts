import { InvalidError } from '../errors.ts'

const oldest = 17
const remedy = `install a JDK, version ${oldest} or newer, so that 'java -version' works`

/** The absolute path of `java` on `path` (default: the process's PATH) and its major version; throws InvalidError when there is none from 17 on. */
export async function findJava(path?: string): Promise<{ java: string; version: number }> {
  const java = Bun.which('java', path === undefined ? {} : { PATH: path })
  if (java === null) throw new InvalidError('Cannot start a Java server: no java on the PATH', remedy)
  const child = Bun.spawn([java, '-version'], { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe' })
  const text = await child.stderr.text()
  const version = javaVersion(text)
  if (version >= oldest) return { java, version }
  throw new InvalidError(`Cannot start a Java server: ${java} is ${text.split('\n')[0]?.trim()}`, remedy)
}

/** The major version in the output of `java -version` (8 for the old style 1.8.0_402); NaN where it names none. */
export function javaVersion(output: string): number {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(output) ?? []
  return Number(first === '1' ? second : first)
}
