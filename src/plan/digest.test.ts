// Digests of plans, and the canonical JSON text that they are made of.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { PLAN_BODY } from '../../test/support/toy-plan.ts'
import { anySteps } from '../../test/support/toy-random.ts'
import { canonicalJson, type Json } from '../model/json.ts'
import { PLAN_FORMAT } from '../model/plan.ts'
import { digestOf, expectedDigest, seal } from './digest.ts'

/** The value with the keys of every object in another order. */
function permuted(value: Json): Json {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(permuted)
  return Object.fromEntries(Object.entries(value).toReversed().map(([key, each]: [string, Json]) => [key, permuted(each)]))
}

// https://www.rfc-editor.org/rfc/rfc8785#section-3.2.2 and the sections after it
test('the example of RFC 8785 has its canonical text', () => {
  const value = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`) as Json
  assert.equal(canonicalJson(value), String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`)
})

// https://www.rfc-editor.org/rfc/rfc8785#section-3.2.3
test('keys are sorted as UTF-16 code units, as in RFC 8785', () => {
  const value = JSON.parse(String.raw`{
    "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
  }`) as Json
  const order = [...canonicalJson(value).matchAll(/":"([^"]*)"/g)].map(([, name]) => name)
  assert.deepEqual(order, ['Carriage Return', 'One', 'Control', 'Latin Small Letter O With Diaeresis', 'Euro Sign', 'Emoji: Grinning Face', 'Hebrew Letter Dalet With Dagesh'])
})

// https://www.rfc-editor.org/rfc/rfc8785#appendix-B
test('numbers are written as in appendix B of RFC 8785', () => {
  const vectors: readonly (readonly [string, string])[] = [
    ['0000000000000000', '0'], ['8000000000000000', '0'], ['0000000000000001', '5e-324'], ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'], ['ffefffffffffffff', '-1.7976931348623157e+308'], ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'], ['4430000000000000', '295147905179352830000'], ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'], ['44b52d02c7e14af7', '1.0000000000000001e+23'], ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'], ['444b1ae4d6e2ef50', '1e+21'], ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'], ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'], ['41b3de4355555554', '333333333.33333325'], ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'], ['41b3de4355555557', '333333333.33333343'], ['becbf647612f3696', '-0.0000033333333333333333'], ['43143ff3c1cb0959', '1424953923781206.2'],
  ]
  for (const [bits, text] of vectors) assert.equal(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE()), text, bits)
  for (const none of [Number.NaN, Infinity, -Infinity]) assert.throws(() => canonicalJson(none), TypeError)
})

test('canonical text reads back as the value, has no white space, and does not depend on the order of keys', () => {
  fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), (any) => {
    const value = JSON.parse(JSON.stringify(any)) as Json
    const text = canonicalJson(value)
    assert.deepEqual(JSON.parse(text), value)
    assert.equal(canonicalJson(permuted(value)), text)
  }))
})

test('a digest is the SHA-256 of the canonical text in UTF-8', () => {
  assert.equal(digestOf({}), 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')
  assert.equal(digestOf({ b: '€', a: 1 }), `sha256:${createHash('sha256').update('{"a":1,"b":"€"}', 'utf8').digest('hex')}`)
})

test('the same plan has the same digest whatever the order of its keys; any other plan has another', () => {
  fc.assert(fc.property(anySteps, anySteps, (steps, others) => {
    const plan = seal({ ...PLAN_BODY, steps })
    assert.equal(seal(permuted({ ...PLAN_BODY, steps } as unknown as Json) as never).digest, plan.digest)
    const same = canonicalJson(steps as unknown as Json) === canonicalJson(others as unknown as Json)
    assert.equal(seal({ ...PLAN_BODY, steps: others }).digest === plan.digest, same)
  }))
})

test('a sealed plan says its format, and carries the digest that it ought to', () => {
  const plan = seal({ ...PLAN_BODY, steps: [] })
  assert.equal(plan.format, PLAN_FORMAT)
  assert.equal(expectedDigest(plan), plan.digest)
  assert.equal(expectedDigest({ ...plan, digest: `sha256:${'0'.repeat(64)}` }), plan.digest)
  assert.notEqual(expectedDigest({ ...plan, date: '2027-01-01T00:00:00Z' }), plan.digest)
})
