import { join } from 'node:path'
import { createLog } from '../../src/log.ts'
import { startQuestDB } from '../../src/servers/questdb.ts'
import type { QuestDBServer } from '../../src/servers/questdb.ts'
import { startS3Proxy } from '../../src/servers/s3proxy.ts'
import type { S3Server } from '../../src/servers/s3proxy.ts'
import { questdbAddress } from '../../src/store/address.ts'
import type { QuestDBAddress } from '../../src/store/address.ts'
import { tempDir } from './temp-dir.ts'

export type TestQuestDB = QuestDBServer & { address: QuestDBAddress }
export type TestS3 = S3Server & { accessKey: string; secretKey: string }

let questdb: Promise<TestQuestDB> | undefined
let s3: Promise<TestS3> | undefined

/** For a server of a test's own: a data directory that goes with the tests, the checkout's jars, any free port, no log. */
export function serverOptions() {
  const libDir = join(import.meta.dir, '../../.spacewatch/lib')
  const ports = { httpPort: 0, pgPort: 0, port: 0 }
  return { dataDir: tempDir(), libDir, ...ports, log: createLog('silent'), progress: () => {} }
}

/** One QuestDB for all tests of this process: use table names of your own. Await it at the top of the file, where no test's timeout runs. */
export function testQuestDB(): Promise<TestQuestDB> {
  return (questdb ??= startTestQuestDB())
}

/** A QuestDB that nobody shares: stop it. */
export async function startTestQuestDB(): Promise<TestQuestDB> {
  const server = await startQuestDB({ ...serverOptions(), heap_mb: 512 })
  const address = questdbAddress(server.httpUrl.reveal(), server.pgUrl.reveal())
  return Object.assign(server, { address })
}

/** One S3 server for all tests of this process: use bucket names of your own. Await it at the top of the file. */
export function testS3(): Promise<TestS3> {
  const keys = { accessKey: 'test-access-key', secretKey: 'test-secret-key' }
  return (s3 ??= startS3Proxy({ ...serverOptions(), ...keys }).then((server) => Object.assign(server, keys)))
}

const others: (() => Promise<void>)[] = []

/** Has something that several test files use stopped after the last of them. */
export function stopAfterTests(stop: () => Promise<void>): void {
  others.push(stop)
}

/** Stops the servers of this process, as far as they were started. */
export async function endTestServers(): Promise<void> {
  await Promise.all(others.splice(0).map((stop) => stop()))
  const started = await Promise.allSettled([questdb, s3])
  questdb = s3 = undefined
  await Promise.all(started.map((server) => server.status === 'fulfilled' && server.value?.stop()))
}
