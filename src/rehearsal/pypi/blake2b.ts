// BLAKE2b with a 256-bit digest (RFC 7693), which Node's crypto cannot make: OpenSSL offers only the 512-bit one.

// Every 64-bit word is two 32-bit halves, low half first: BigInt would be ten times slower.
const IV = new Uint32Array([
  0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a,
  0xade682d1, 0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19,
])

const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4], [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13], [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11], [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5], [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
]
const ROUNDS = Uint8Array.from([...SIGMA, ...SIGMA.slice(0, 2)].flat(), (word) => word * 2)
const BLOCK = 128
const DIGEST = 32

/** The digest as 64 lower-case hexadecimal digits. */
export function blake2b256(bytes: Uint8Array): string {
  const h = Uint32Array.from(IV)
  h[0] = at(h, 0) ^ 0x01010000 ^ DIGEST
  const work = { h, v: new Uint32Array(32), m: new Uint32Array(32) }
  const last = Math.max(0, Math.ceil(bytes.length / BLOCK) - 1)
  for (let block = 0; block < last; block += 1) compress(work, view(bytes, block * BLOCK), (block + 1) * BLOCK, 0)
  const tail = new Uint8Array(BLOCK)
  tail.set(bytes.subarray(last * BLOCK))
  compress(work, view(tail, 0), bytes.length, 0xffffffff)
  const digest = Buffer.alloc(DIGEST)
  for (let word = 0; word < DIGEST / 4; word += 1) digest.writeUInt32LE(at(h, word), word * 4)
  return digest.toString('hex')
}

interface Work {
  readonly h: Uint32Array
  readonly v: Uint32Array
  readonly m: Uint32Array
}

function at(words: Uint32Array | Uint8Array, index: number): number {
  return words[index] as number
}

function view(bytes: Uint8Array, offset: number): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + offset, BLOCK)
}

/** `count` is the number of bytes so far, at most 2^53; `final` is all ones for the last block. */
function compress({ h, v, m }: Work, block: DataView, count: number, final: number): void {
  v.set(h, 0)
  v.set(IV, 16)
  v[24] = at(v, 24) ^ (count >>> 0)
  v[25] = at(v, 25) ^ Math.floor(count / 0x1_0000_0000)
  v[28] = at(v, 28) ^ final
  v[29] = at(v, 29) ^ final
  for (let word = 0; word < 32; word += 1) m[word] = block.getUint32(word * 4, true)
  for (let round = 0; round < ROUNDS.length; round += 16) {
    mix(v, m, 0, 8, 16, 24, at(ROUNDS, round), at(ROUNDS, round + 1))
    mix(v, m, 2, 10, 18, 26, at(ROUNDS, round + 2), at(ROUNDS, round + 3))
    mix(v, m, 4, 12, 20, 28, at(ROUNDS, round + 4), at(ROUNDS, round + 5))
    mix(v, m, 6, 14, 22, 30, at(ROUNDS, round + 6), at(ROUNDS, round + 7))
    mix(v, m, 0, 10, 20, 30, at(ROUNDS, round + 8), at(ROUNDS, round + 9))
    mix(v, m, 2, 12, 22, 24, at(ROUNDS, round + 10), at(ROUNDS, round + 11))
    mix(v, m, 4, 14, 16, 26, at(ROUNDS, round + 12), at(ROUNDS, round + 13))
    mix(v, m, 6, 8, 18, 28, at(ROUNDS, round + 14), at(ROUNDS, round + 15))
  }
  for (let word = 0; word < 16; word += 1) h[word] = at(h, word) ^ at(v, word) ^ at(v, word + 16)
}

// The positional arguments are those of the function G of RFC 7693, in its order; objects would be made a million times per megabyte.
function mix(v: Uint32Array, m: Uint32Array, a: number, b: number, c: number, d: number, x: number, y: number): void {
  add(v, a, b)
  addWord(v, a, at(m, x), at(m, x + 1))
  rotate(v, d, a, 32)
  add(v, c, d)
  rotate(v, b, c, 24)
  add(v, a, b)
  addWord(v, a, at(m, y), at(m, y + 1))
  rotate(v, d, a, 16)
  add(v, c, d)
  rotate(v, b, c, 63)
}

function add(v: Uint32Array, to: number, from: number): void {
  addWord(v, to, at(v, from), at(v, from + 1))
}

function addWord(v: Uint32Array, to: number, low: number, high: number): void {
  const sum = at(v, to) + low
  v[to] = sum
  v[to + 1] = at(v, to + 1) + high + (sum >= 0x1_0000_0000 ? 1 : 0)
}

/** v[to] = (v[to] xor v[from]) rotated right by `bits`. */
function rotate(v: Uint32Array, to: number, from: number, bits: 16 | 24 | 32 | 63): void {
  const low = at(v, to) ^ at(v, from)
  const high = at(v, to + 1) ^ at(v, from + 1)
  if (bits === 32) {
    v[to] = high
    v[to + 1] = low
  } else if (bits === 63) {
    v[to] = (low << 1) | (high >>> 31)
    v[to + 1] = (high << 1) | (low >>> 31)
  } else {
    v[to] = (low >>> bits) | (high << (32 - bits))
    v[to + 1] = (high >>> bits) | (low << (32 - bits))
  }
}
