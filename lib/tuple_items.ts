/**
 * The items of tuples that JavaScript has no type of its own for.
 *
 * All are immutable: they copy the bytes they are given, and give copies.
 */

import { inspect } from 'node:util'

import { bytesOf, number, unsigned, wholeNumber } from './arguments.js'

const scratch = new DataView(new ArrayBuffer(8))
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const INCOMPLETE = Buffer.alloc(10, 0xff)

/** Bytes that a UUID is made of without being checked or copied first, and where it begins there. */
let packedUuids: Buffer
let packedAt = 0
/** Stands for them as an argument; nobody else has it. */
const PACKED = Symbol('packed')

/**
 * The UUID that begins at `at`: for the many of a block. Its 16 bytes must be there.
 *
 * @internal
 */
export function uuidAt(bytes: Buffer, at: number): Uuid {
  packedUuids = bytes
  packedAt = at
  return new Uuid(PACKED as never)
}

/**
 * Writes the 16 bytes of a UUID into `room`, from `at` on.
 *
 * @internal
 */
export let writeUuid: (uuid: Uuid, room: Buffer, at: number) => void

/** A UUID: 16 bytes, sorted as bytes. */
export class Uuid {
  // Four numbers take a fraction of the memory and the time of a Buffer.
  readonly #first: number
  readonly #second: number
  readonly #third: number
  readonly #fourth: number

  /**
   * @param value the 16 bytes, or the canonical text with hyphens
   */
  constructor(value: Uint8Array | string) {
    let [bytes, at] = [packedUuids, packedAt]
    if ((value as unknown) !== PACKED) {
      bytes = bytesOfUuid(value)
      at = 0
    }
    this.#first = word(bytes, at)
    this.#second = word(bytes, at + 4)
    this.#third = word(bytes, at + 8)
    this.#fourth = word(bytes, at + 12)
  }

  /** A new random UUID (version 4). */
  static random(): Uuid {
    return new Uuid(globalThis.crypto.randomUUID())
  }

  /** A copy of the 16 bytes. */
  get bytes(): Buffer {
    const bytes = Buffer.allocUnsafe(16)
    writeUuid(this, bytes, 0)
    return bytes
  }

  /** Whether the other is the same UUID. */
  equals(other: Uuid): boolean {
    return (
      other instanceof Uuid &&
      this.#first === other.#first &&
      this.#second === other.#second &&
      this.#third === other.#third &&
      this.#fourth === other.#fourth
    )
  }

  /** The canonical text: lower case, with hyphens. */
  toString(): string {
    const hex = this.bytes.toString('hex')
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  }

  /** The text, for JSON. */
  toJSON(): string {
    return this.toString()
  }

  /** @internal */
  [inspect.custom](): string {
    return `Uuid(${this.toString()})`
  }

  static {
    writeUuid = (uuid, room, at) => {
      room.writeInt32BE(uuid.#first, at)
      room.writeInt32BE(uuid.#second, at + 4)
      room.writeInt32BE(uuid.#third, at + 8)
      room.writeInt32BE(uuid.#fourth, at + 12)
    }
  }
}

function bytesOfUuid(value: Uint8Array | string): Buffer {
  if (typeof value !== 'string') return bytesOf(value, 'value', 16)
  if (!UUID.test(value)) throw new TypeError('value: expected a UUID such as 0741c7a8-7ce4-2c82-1807-2e8c35bf992d')
  return Buffer.from(value.replaceAll('-', ''), 'hex')
}

/** Four bytes as a number: of 32 bits, with a sign, which V8 keeps without an object for it. */
function word(bytes: Buffer, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  )
}

/**
 * A versionstamp: the 10 bytes of a commit and a user version, which tells several stamps of one transaction apart.
 *
 * An incomplete one stands for the commit to come; `packWithVersionstamp` packs it. Ten ff bytes are how it is
 * written, so a complete stamp of ten ff bytes cannot be told from it.
 */
export class Versionstamp {
  readonly #stamp: Buffer
  /** The user version: 0 to 65,535. */
  readonly userVersion: number

  /**
   * @param stamp the 10 bytes that `getVersionstamp` gives, or 12 with the user version behind them; left out, the
   *   stamp is incomplete
   * @param userVersion 0 if left out
   */
  constructor(stamp?: Uint8Array | undefined, userVersion?: number | undefined) {
    if (stamp === undefined) {
      this.#stamp = INCOMPLETE
    } else {
      const bytes = bytesOf(stamp, 'stamp')
      if (bytes.length !== 10 && !(bytes.length === 12 && userVersion === undefined)) {
        throw new RangeError(`stamp: expected 10 bytes, or 12 and no userVersion, got ${bytes.length}`)
      }
      this.#stamp = bytes.subarray(0, 10)
      if (bytes.length === 12) userVersion = bytes.readUInt16BE(10)
    }
    this.userVersion = userVersion === undefined ? 0 : wholeNumber(userVersion, 'userVersion', 0, 0xffff)
  }

  /** The stamp of the commit to come. */
  static incomplete(userVersion = 0): Versionstamp {
    return new Versionstamp(undefined, userVersion)
  }

  /** Whether the commit is known. */
  get isComplete(): boolean {
    return !this.#stamp.equals(INCOMPLETE)
  }

  /** A copy of the commit's 10 bytes. */
  get stamp(): Buffer {
    return Buffer.from(this.#stamp)
  }

  /** The 12 bytes: stamp and user version. */
  get bytes(): Buffer {
    const bytes = Buffer.alloc(12)
    this.#stamp.copy(bytes)
    bytes.writeUInt16BE(this.userVersion, 10)
    return bytes
  }

  /** This stamp with the commit filled in. */
  complete(stamp: Uint8Array): Versionstamp {
    return new Versionstamp(bytesOf(stamp, 'stamp', 10), this.userVersion)
  }

  /** Whether the other is the same stamp. */
  equals(other: Versionstamp): boolean {
    return other instanceof Versionstamp && this.#stamp.equals(other.#stamp) && this.userVersion === other.userVersion
  }

  /** The 12 bytes in hex. */
  toString(): string {
    return this.bytes.toString('hex')
  }

  /** The text, for JSON. */
  toJSON(): string {
    return this.toString()
  }

  /** @internal */
  [inspect.custom](): string {
    return this.isComplete ? `Versionstamp(${this.toString()})` : `Versionstamp(incomplete, ${this.userVersion})`
  }
}

/**
 * A 64-bit float, whatever its value. A plain number that is an integer packs as an integer; `new Double(1)` packs as
 * a float. Unpacking gives one where a plain number would not pack to the same bytes: for an integral value, -0, and
 * a NaN other than the usual one.
 */
export class Double {
  #bits: bigint

  /** @param value any number */
  constructor(value: number) {
    scratch.setFloat64(0, number(value, 'value'))
    // What bits a NaN has is up to the JavaScript engine; the usual ones are meant.
    this.#bits = Number.isNaN(value) ? 0x7ff8000000000000n : scratch.getBigUint64(0)
  }

  /** The float with these 64 bits: the only way to a NaN with a payload. */
  static fromBits(bits: bigint): Double {
    const made = new Double(0)
    made.#bits = unsigned(bits, 'bits', 64)
    return made
  }

  /** The 64 bits. */
  get bits(): bigint {
    return this.#bits
  }

  /** The number. */
  get value(): number {
    scratch.setBigUint64(0, this.#bits)
    return scratch.getFloat64(0)
  }

  /** Whether the other has the same bits. */
  equals(other: Double): boolean {
    return other instanceof Double && this.#bits === other.#bits
  }

  /** The number, for arithmetic. */
  valueOf(): number {
    return this.value
  }

  /** @internal */
  [inspect.custom](): string {
    return `Double(${Object.is(this.value, -0) ? '-0' : this.value})`
  }
}

/** A 32-bit float, which other languages have; unpacking gives one for each. */
export class Float {
  #bits: number

  /** @param value any number; it is rounded to the nearest 32-bit float */
  constructor(value: number) {
    scratch.setFloat32(0, number(value, 'value'))
    this.#bits = Number.isNaN(value) ? 0x7fc00000 : scratch.getUint32(0)
  }

  /** The float with these 32 bits: the only way to a NaN with a payload. */
  static fromBits(bits: number): Float {
    const made = new Float(0)
    made.#bits = wholeNumber(bits, 'bits', 0, 0xffffffff)
    return made
  }

  /** The 32 bits. */
  get bits(): number {
    return this.#bits
  }

  /** The number. */
  get value(): number {
    scratch.setUint32(0, this.#bits)
    return scratch.getFloat32(0)
  }

  /** Whether the other has the same bits. */
  equals(other: Float): boolean {
    return other instanceof Float && this.#bits === other.#bits
  }

  /** The number, for arithmetic. */
  valueOf(): number {
    return this.value
  }

  /** @internal */
  [inspect.custom](): string {
    return `Float(${Object.is(this.value, -0) ? '-0' : this.value})`
  }
}
