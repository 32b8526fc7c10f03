/** Bad input: trying again will not help. `code` is the machine's word for it, `hint` says what to do next. */
export class InvalidError extends Error {
  override name = 'InvalidError'
  constructor(
    message: string,
    readonly hint?: string,
    readonly code = 'invalid',
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** Something outside is away or refuses for now: trying again later will help. `code` says what: the database, unless given. */
export class UnavailableError extends Error {
  override name = 'UnavailableError'
  readonly code: string
  constructor(
    message: string,
    readonly hint?: string,
    options?: ErrorOptions & { code?: string },
  ) {
    super(message, options)
    this.code = options?.code ?? 'unavailable'
  }
}
