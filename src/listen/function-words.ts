import { readFileSync } from 'node:fs'

/**
 * Small words that tell the language of a Latin text. Words that are also common in English ("die",
 * "war", "me", "no", "a", "is") are left out on purpose: the question is only whether English rules
 * may judge the text at all.
 */
const list = (text: string): readonly string[] => text.trim().split(/\s+/)

export const englishFunctionWords: ReadonlySet<string> = new Set(
  list(`
  the and of to is was are were be been it its i you he she we they my your our their this that these
  those with for from have has had not but or as at by on in an if so will would can could should do
  does did what which who when how there here very too just only all more than into about after it's
  i'm don't didn't can't`),
)

/**
 * Of German, French, Spanish, Italian, Portuguese and Dutch: the commonest, and those of the lists of
 * stopwords-iso that neither the lexicon nor more than one of 23,703 English texts has.
 */
export const otherFunctionWords: ReadonlySet<string> = new Set(
  list(`${readFileSync(new URL('./lexicon/other-words.txt', import.meta.url), 'utf8')}
  der das und ist nicht ein eine einen ich sie wir mit auf für von zu sehr dem den auch wie aber bei
  wurde sind habe hat noch nur oder wenn mein meine ihr
  le la les une est et je pas pour que qui dans très avec nous vous mais sur ce cette mon sont c'est
  n'est j'ai été aux du
  el los las y muy por con para una está pero mi esta del lo su como más es
  il che di non è per sono molto gli della ho ma questo mio nel
  não muito com uma os foi mas meu minha ao da em um
  het een niet en van ik zeer maar voor dat met zijn mijn heb ook`),
)
