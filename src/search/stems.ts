// Words that say nothing of what is asked.
const empty = new Set(
  `a about access all am an and any are as at be been being but by can could did does for from get gets got had has have how i once in is it
  its just last latest me my newest of on or our out please show tell than that the their them there these they this those to us was
  we were what when where which while why will with would you your it's there's give find see
  aber alle allem allen als an auch auf aus bei bitte da damit dann das dass dem den denn der des die dies diese diesem
  diesen dieser dieses doch du ein eine einem einen einer eines er es für gab gibt habe haben hat hatte ich ihr im in ist
  jeder jedes jede jeden kann können man mein meine mich mir mit noch nur ob oder schon sehr sein sich sie sind so über um
  und letzte letzten letzter letztes neueste neuesten zuletzt uns unser unsere unseren unserer unter vom von vor war waren warum was welche welchem welchen welcher welches werden
  wie wird wurde wurden zeig zeige zu zum zur wann wo wir denn eigentlich nach dort`.split(/\s+/),
)

const endings = /(?<=...)(?:ungen|ung|ions?|ings?|ed|es|e|s)$|(?<=....)(?:en|n)$/

/** Without accents, as they are left out or written otherwise. */
function folded(text: string): string {
  return text.toLowerCase().replaceAll('ß', 'ss').normalize('NFD').replace(/\p{M}/gu, '')
}

/** A word without what changes with its use: `deletes` and `deleted` are `delet`, `löschen` and `gelöscht` are `losch`. */
function stemOf(word: string): string {
  if (/ss$|\d/.test(word)) return word
  const [, participle] = /^ge(.{4,})t$/.exec(word) ?? []
  return participle ?? word.replace(/(?<=..)ies$/, 'y').replace(endings, '')
}

const emptyFolded = new Set([...empty].map(folded))

/** The stems of all words of a text that say something, in their order. */
export function stemsOf(text: string): string[] {
  // In capitals they are methods, else verbs that say little.
  const told = text.replace(/\b(GET|PUT|POST|HEAD)\b/g, '$1method')
  return (folded(told).match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !emptyFolded.has(word)).map(stemOf)
}
