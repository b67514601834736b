// Secrets that services give for a while: kept in the memory of this process alone, and lent until they end.
import { Refused } from '../model/error.ts'
import type { Fleeting, World } from '../model/world.ts'
import type { Secrets } from './secrets.ts'

/** A value that was asked for, and may not have come yet. */
interface Asked {
  readonly answer: Promise<Fleeting>
}

/** `World.fleeting`: see there for what it promises. Those who ask at the same time are lent the same value. */
export function openFleeting(secrets: Pick<Secrets, 'learn' | 'guard'>, now: () => Date): World['fleeting'] {
  const kept = new Map<string, Asked>()

  async function current(name: string, ask: () => Promise<Fleeting>): Promise<Asked> {
    const before = kept.get(name)
    if (before !== undefined) {
      const there = await before.answer.catch(() => undefined)
      if (there !== undefined && there.until > now()) return before
      // Somebody else has asked anew in the meantime.
      if (kept.get(name) !== before) return current(name, ask)
    }
    const asked = { answer: ask() }
    asked.answer.catch(() => undefined)
    kept.set(name, asked)
    return asked
  }

  return async (name, ask, use) => {
    const asked = await current(name, ask)
    const { value } = await asked.answer
    secrets.learn(name, value)
    try {
      return await secrets.guard(() => use(value))
    } catch (error) {
      if (error instanceof Refused && kept.get(name) === asked) kept.delete(name)
      throw error
    }
  }
}
