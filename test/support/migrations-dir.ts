import { join } from 'node:path'

/** The migrations of this checkout. */
export const migrationsDir = join(import.meta.dir, '../../migrations')
