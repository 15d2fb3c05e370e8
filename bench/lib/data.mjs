/**
 * The data everybody gets, made from numbers alone, so that each process makes the same. bench/peers/reference.py and
 * crates/engine/benches/support.rs make the same keys and values.
 */

/** Mixes a number to another one of 32 bits, no two to the same (MurmurHash3's finalizer). */
export function mix(number) {
  let h = number | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

export const KEY_BYTES = 16
export const VALUE_BYTES = 100

/** The key of pair `index`: 16 bytes, in no order. */
export function key(index) {
  const bytes = Buffer.allocUnsafe(KEY_BYTES)
  // Halved, so that no key reaches the end of FoundationDB's key space, which is ff.
  bytes.writeUInt32BE(mix(4 * index + 1) >>> 1, 0)
  for (let word = 1; word < 4; word++) bytes.writeUInt32BE(mix(4 * index + word + 1), 4 * word)
  return bytes
}

/** The value of pair `index`. */
export function value(index, length = VALUE_BYTES) {
  const bytes = Buffer.allocUnsafe(length)
  for (let at = 0; at < length; at += 4) {
    const word = mix(index + 7 * at + 3)
    for (let byte = 0; byte < 4 && at + byte < length; byte++) bytes[at + byte] = word >>> (8 * byte)
  }
  return bytes
}

/** `count` keys of the first `pairs`, drawn at random: always the same ones. */
export function someKeys(count, pairs) {
  return Array.from({ length: count }, (_, n) => key(mix(n + 12345) % pairs))
}

/** Where ranges begin: in the first half of the keys, so that many follow. */
export function beginnings(count) {
  return Array.from({ length: count }, (_, n) => {
    const begin = Buffer.alloc(KEY_BYTES)
    begin.writeUInt32BE(mix(n + 777) >>> 2)
    return begin
  })
}
