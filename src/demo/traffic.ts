import type { AccessEvent } from './access-event.ts'
import { cdnRecord } from './cdn-record.ts'
import type { Moment } from './origin-record.ts'
import { createDraw, type Random } from './random.ts'
import { get, head, list, preflight, presignedGet, website } from './reads.ts'
import type { Client, Place, World } from './world.ts'
import { configuration, copy, lifecycle, multipart, presignedPut, put, remove, removeMany } from './writes.ts'

type Action = (moment: Moment) => AccessEvent[]

/** Gives the lines of one client action on a bucket: at least one, at most `room`. */
export interface Traffic {
  origin(moment: Moment): AccessEvent[]
  cdn(moment: Moment): AccessEvent[]
}

/** What clients do on each bucket, and how often. */
export function createTraffic(world: World): Traffic {
  const visit = one((m) => get(m, world.drawVisitor(m.random)))
  const serve = one((m) => get(m, world.drawService(m.random)))
  const service = (act: (moment: Moment, client: Client) => AccessEvent | AccessEvent[]): Action => {
    return (moment) => [act(moment, world.drawService(moment.random))].flat()
  }
  const visitor = (act: (moment: Moment, client: Client) => AccessEvent): Action => {
    return (moment) => [act(moment, world.drawVisitor(moment.random))]
  }
  const { media, uploads, site, backups } = world.places
  const draws = new Map<Place, (random: Random) => Action>([
    [media, createDraw<Action>([
      [visit, 74], [one(m => get(m, world.cdnOrigin)), 8], [visitor(head), 4], [visitor(preflight), 2], [service(put), 6],
      [service(list), 2], [service(copy), 0.8], [service(remove), 0.7], [service(removeMany), 0.1], [service(configuration), 0.5],
    ])],
    [uploads, createDraw<Action>([
      [visitor(presignedGet), 10], [visitor(presignedPut), 5], [serve, 35], [service(head), 13], [service(put), 12],
      [service(multipart), 2.5], [service(copy), 2.5], [service(remove), 4], [service(removeMany), 0.35], [service(list), 6],
      [one(lifecycle), 1], [service(configuration), 0.5], [visit, 2],
    ])],
    [site, createDraw<Action>([[visitor(website), 84], [serve, 5], [service(put), 6], [service(list), 3], [visitor(head), 2]])],
    [backups, createDraw<Action>([
      [service(multipart), 12], [service(put), 20], [service(list), 18], [service(head), 14], [serve, 2],
      [one(lifecycle), 9], [service(configuration), 6], [service(removeMany), 0.4],
    ])],
  ]) // prettier-ignore
  return {
    origin: (moment) => (draws.get(moment.place) as (random: Random) => Action)(moment.random)(moment),
    cdn: (moment) => [cdnRecord(moment, world.drawVisitor(moment.random))],
  }
}

function one(act: (moment: Moment) => AccessEvent): Action {
  return (moment) => [act(moment)]
}
