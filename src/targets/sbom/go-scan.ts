// Looks through a program as it streams by, for the block that names the Go modules in it.
import { LONGEST, MAGIC, modulesIn } from './go.ts'
import type { Package } from './package.ts'

const ELF = Buffer.from('\x7fELF', 'latin1')
const ALIGNED = 16

/** A look at one program, fed with its bytes in order. It holds a few megabytes at most, whatever the program's size. */
export interface Scan {
  feed(piece: Uint8Array): void
  /** What was found, after the last byte. */
  end(): readonly Package[]
}

/** Begins to look. Files that are no ELF programs tell of nothing. */
export function scanProgram(): Scan {
  let pieces: Uint8Array[] = []
  let size = 0
  // Where in the file the first held byte is, and how many are wanted before the next look.
  let at = 0
  let wanted = ELF.length
  let found: readonly Package[] | undefined
  let over = false

  const hold = (rest: Uint8Array, want: number): void => {
    at += size - rest.length
    pieces = [rest]
    size = rest.length
    wanted = want
  }

  const look = (last: boolean): void => {
    const held = Buffer.concat(pieces)
    over = at === 0 && !held.subarray(0, ELF.length).equals(ELF)
    for (let place = held.indexOf(MAGIC); place !== -1 && !over; place = held.indexOf(MAGIC, place + 1)) {
      if ((at + place) % ALIGNED !== 0) continue
      if (!last && held.length - place < LONGEST) return hold(held.subarray(place), LONGEST)
      found = modulesIn(held.subarray(place, place + LONGEST))
      over = found !== undefined
    }
    hold(over ? Buffer.alloc(0) : held.subarray(-MAGIC.length), 0)
  }

  return {
    feed(piece) {
      if (over) return
      pieces.push(piece)
      size += piece.length
      if (size >= wanted) look(false)
    },
    end() {
      if (!over) look(true)
      return found ?? []
    },
  }
}
