// Arbitrary versions for property tests.
import fc from 'fast-check'

const number = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 1_000_000 })).map(String)
const word = fc.oneof(fc.constantFrom('alpha', 'beta', 'rc', 'a', 'b', '-', 'x-1', '0a'), fc.stringMatching(/^[0-9A-Za-z-]{0,4}[A-Za-z-][0-9A-Za-z-]{0,4}$/))
const core = fc.tuple(number, number, number).map((numbers) => numbers.join('.'))
const prerelease = fc.array(fc.oneof(number, word), { minLength: 1, maxLength: 4 }).map((identifiers) => `-${identifiers.join('.')}`)
const build = fc.array(fc.stringMatching(/^[0-9A-Za-z-]{1,4}$/), { minLength: 1, maxLength: 2 }).map((identifiers) => `+${identifiers.join('.')}`)
const maybe = (part: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.oneof(fc.constant(''), part)

/** Any version with numbers that the semver package can hold. */
export const anyVersion: fc.Arbitrary<string> = fc.tuple(core, maybe(prerelease), maybe(build)).map((parts) => parts.join(''))

/** A version without build metadata. */
export const plainVersion: fc.Arbitrary<string> = fc.tuple(core, maybe(prerelease)).map((parts) => parts.join(''))

/** A version that Python packages can carry. */
export const mappableVersion: fc.Arbitrary<string> = fc
  .tuple(core, maybe(fc.tuple(fc.constantFrom('alpha', 'beta', 'rc'), number).map(([stage, count]) => `-${stage}.${count}`)))
  .map((parts) => parts.join(''))
