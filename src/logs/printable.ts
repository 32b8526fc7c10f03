const CONTROL = /[\u0000-\u001f\u007f-\u009f]/

/** Whether `text` holds a C0 or C1 control character, DEL or NUL. */
export function holdsControl(text: string): boolean {
  return CONTROL.test(text)
}

/** `text` with every control character and lone surrogate replaced by U+FFFD, so that neither ILP nor JSON can break on it. */
export function printable(text: string): string {
  const clean = CONTROL.test(text) ? text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd') : text
  return clean.toWellFormed()
}
