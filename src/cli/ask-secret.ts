// Asks at the terminal for a secret: nothing that is typed is shown.
import type { ReadStream } from 'node:tty'

/** Where a question goes and its answer comes from. */
export interface Terminal {
  readonly input: ReadStream
  readonly output: { write(text: string): unknown }
  readonly signal: AbortSignal
}

const ENTER = /[\r\n]/
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const RUBOUT = ['\u007f', '\b']

/** What was typed up to Enter, without white space around it; undefined for nothing, Ctrl-D and Ctrl-C, which is passed on as SIGINT. */
export function askSecret(question: string, { input, output, signal }: Terminal): Promise<string | undefined> {
  if (signal.aborted) return Promise.resolve(undefined)
  return new Promise((resolve) => {
    let typed = ''
    const end = (answer: string | undefined): void => {
      input.off('data', take)
      signal.removeEventListener('abort', stop)
      input.setRawMode(false)
      input.pause()
      output.write('\n')
      resolve(answer === undefined || answer.trim() === '' ? undefined : answer.trim())
    }
    const stop = (): void => { end(undefined) }
    const take = (piece: Buffer): void => {
      const text = piece.toString('utf8')
      // Arrow keys and their like are no part of a secret.
      if (text.startsWith('\u001b') && !ENTER.test(text)) return
      for (const letter of text) {
        if (ENTER.test(letter)) return end(typed)
        if (letter === CTRL_D) return end(undefined)
        if (letter === CTRL_C) {
          end(undefined)
          process.emit('SIGINT')
          return
        }
        typed = RUBOUT.includes(letter) ? typed.slice(0, -1) : typed + letter
      }
    }
    // Before the question, so that nothing typed is shown however early it comes.
    input.setRawMode(true)
    output.write(question)
    input.on('data', take)
    input.resume()
    signal.addEventListener('abort', stop, { once: true })
  })
}
