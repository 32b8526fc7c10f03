import Type from 'typebox'
import type { TProperties, TSchema } from 'typebox'

/** The words that schemas of answers are written in. */

export const text = Type.String()
export const count = Type.Integer({ minimum: 0, 'x-unit': 'Count' })
export const bytes = Type.Integer({ minimum: 0, 'x-unit': 'Bytes' })
export const number = Type.Number()
export const flag = Type.Boolean()
export const moment = Type.String({ format: 'date-time', description: 'ISO 8601 in UTC' })

/** An object of these fields and no others. */
export function record<Fields extends TProperties>(fields: Fields, description?: string) {
  return Type.Object(fields, { additionalProperties: false, ...(description && { description }) })
}

export function nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()])
}

/** One of a few words. */
export function oneOf<const Words extends readonly string[]>(words: Words, description?: string) {
  return Type.Unsafe<Words[number]>(
    Type.Enum([...words], { type: 'string', ...(description && { description }) }),
  )
}

/** `a, b or c`. */
export function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** The same with what it means; a text unless told otherwise. */
export function described(description: string): typeof text
export function described<Schema extends TSchema>(description: string, schema: Schema): Schema
export function described(description: string, schema: TSchema = text): TSchema {
  return { ...schema, description }
}

export const next_cursor = nullable(described('cursor of the next page; null on the last one'))

/** `T` as it may be answered: nobody changes it. */
export type Answered<T> = T extends readonly (infer Item)[]
  ? readonly Answered<Item>[]
  : T extends object
    ? { readonly [Field in keyof T]: Answered<T[Field]> }
    : T
