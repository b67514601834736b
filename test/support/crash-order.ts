// What the driver of a crash test is told: when to die, and where its clock is.

/** The variable that carries the order, as JSON. */
export const ORDER = 'SLIPWAY_CRASH_ORDER'

/** Around which moment of a write. */
export type Moment = 'before' | 'after'

/** How a driver is broken: it never writes `begun`, or the probe of one kind sees nothing. */
export type Broken = { readonly forgets: 'begun' } | { readonly blind: string }

/** What a driver does besides its work. */
export interface Order {
  /** A file that holds the time (ISO 8601, UTC). The driver's clock stands still but for sleeps, over which it jumps. */
  readonly clock: string
  /** A file that gets a line for every write to the journal, before it is made. */
  readonly writes: string
  /** The write, counted from 1, around which the driver kills itself. */
  readonly dies?: { readonly write: number; readonly moment: Moment }
  /** Breaks the driver, to see that the matrix can fail. */
  readonly broken?: Broken
}
