/**
 * What may be shown as an image: formats of pixels alone, told by their first bytes. Never SVG, which can carry scripts.
 */

/** How many bytes tell the format. */
export const SNIFF_BYTES = 64

const SIGNATURES: readonly (readonly [type: string, at: number, bytes: string])[] = [
  ['image/png', 0, '89504e470d0a1a0a'],
  ['image/jpeg', 0, 'ffd8ff'],
  ['image/gif', 0, '474946383761'],
  ['image/gif', 0, '474946383961'],
  ['image/avif', 4, '6674797061766966'],
]

/** The type of an image; undefined for everything else. */
export function imageType(start: Buffer): string | undefined {
  const text = start.toString('latin1')
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'image/webp'
  return SIGNATURES.find(([, at, bytes]) => start.subarray(at, at + bytes.length / 2).toString('hex') === bytes)?.[0]
}
