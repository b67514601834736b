// Node's http and https, loaded at the first request.
import type http from 'node:http'
import type https from 'node:https'

/**
 * The module that speaks a URL's protocol. It is asked for by name because an `import` evaluates every export at once, among them
 * WebSocket, which loads a second HTTP client that nobody here uses.
 */
export function wireOf(protocol: string): typeof http | typeof https {
  return protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http')
}
