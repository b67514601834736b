// A point in a child process that waits until the test lets it go: a named pipe that the child reads to its end.
import { execFileSync } from 'node:child_process'
import { closeSync, constants, existsSync, openSync, unlinkSync } from 'node:fs'
import { open } from 'node:fs/promises'

/** A shell command that waits while the pipe is there. */
export function holdCommand(name: string): string {
  return `test ! -p "$HOME/${name}" || cat "$HOME/${name}"`
}

/** Someone held. */
export interface Hold extends Disposable {
  /** Resolves when a child has come to the point. */
  readonly reached: Promise<void>
  /** Lets it go, and everybody who comes later pass. */
  letGo(): Promise<void>
}

/** Makes the pipe at this path. */
export function holdAt(path: string): Hold {
  execFileSync('mkfifo', [path])
  // Opening a pipe for writing waits for its reader.
  const writing = open(path, 'w')
  const unlink = (): void => { if (existsSync(path)) unlinkSync(path) }
  return {
    reached: writing.then(() => undefined),
    async letGo() {
      unlink()
      await (await writing).close()
    },
    [Symbol.dispose]() {
      if (!existsSync(path)) return
      // Nobody came: a reader of our own frees the thread that waits in open().
      const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
      unlink()
      void writing.then((file) => file.close()).finally(() => { closeSync(reader) })
    },
  }
}
