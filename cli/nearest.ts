/**
 * What a word was perhaps meant to be.
 */

/** The one of the words that differs least, if it differs by no more than two signs. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const ranked = words.map((other) => ({ other, distance: distance(word, other) }))
  ranked.sort((one, another) => one.distance - another.distance)
  const [best] = ranked
  return best !== undefined && best.distance <= Math.min(2, word.length - 1) ? best.other : undefined
}

/** How many signs must be put in, taken out or replaced to make one word of the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] as number) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row.at(-1) as number
}
