// The world: the only way to the outside. `Look` reads; `World` also acts.
import type { Json } from './json.ts'
import type { Digest } from './plan.ts'

/** A request body whose length is known before it is sent; `open` may be called again for another attempt. */
export interface Body {
  /** Bytes. */
  readonly length: number
  open(): AsyncIterable<Uint8Array>
}

/** One HTTP request. Redirects are followed for GET and HEAD only, and never carry credentials to another origin. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** The public address, e.g. `https://pypi.org/simple/oneflow-ai/`; the world decides where that is served. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | Body
  readonly signal?: AbortSignal
  /** The body holds a credential, which goes only where one in a header may go. */
  readonly secretBody?: true
  /** Called with bytes sent so far and bytes in all. */
  readonly progress?: (done: number, total: number) => void
  /** Called with each piece of the body of a 2xx answer, which is then not kept: for files of any size. */
  readonly take?: (piece: Uint8Array) => void
}

/** A whole HTTP answer. Header names are in lower case. */
export interface HttpAnswer {
  readonly status: number
  readonly reason: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** How a program ended and what it printed. */
export interface CommandAnswer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** Set when its time was over before it ended; `code` is then 124. */
  readonly timedOut?: true
}

/** One program to run, never through a shell. */
export interface Command {
  readonly program: string
  readonly args: readonly string[]
  readonly folder?: string
  /** A container tool is told where its engine and its logins are; nothing else is. */
  readonly is?: 'container-tool'
  /** Added to the allow-listed environment; holds no secrets. */
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Milliseconds after which it is ended. */
  readonly timeout?: number
  /** Called with each piece of output as it comes. */
  readonly heard?: (text: string) => void
}

/** What was proved about a tree or an artifact, and may be relied on again. */
export interface Evidence {
  /** What was proved by which recipe on which digest: the key is a digest over all three. */
  readonly key: string
  /** A sentence for people: `tests on tree 1a2b3c`. */
  readonly title: string
  readonly passed: boolean
  /** ISO 8601, UTC. */
  readonly at: string
  readonly output: Json
}

/** A stored artifact's name and size. */
export interface Stored {
  readonly sha256: Digest
  /** Bytes. */
  readonly size: number
}

/** A folder that is gone after use. Paths are relative to it and cannot leave it. */
export interface Scratch {
  /** Absolute path. */
  readonly path: string
  /** Names in a folder, sorted; empty when there is no such folder. */
  list(folder: string): Promise<readonly string[]>
  read(path: string): Promise<string>
  write(path: string, text: string): Promise<void>
  /** Puts a file's bytes into the artifact store. */
  keep(path: string): Promise<Stored>
  /** Puts an artifact into the folder under this path, checked against its digest, and returns the absolute path. */
  place(sha256: Digest, path: string): Promise<string>
}

/** An installed Python. */
export interface Interpreter {
  /** `3.12.1` */
  readonly version: string
  readonly path: string
}

/** The read-only half of the world: all that a probe is given. */
export interface Look {
  /** Probes are held to GET and HEAD. Rejects with a plain Error when no answer came; every answer, 5xx too, resolves. */
  http(request: HttpRequest): Promise<HttpAnswer>
  /** Runs git in the repository; probes are held to subcommands that change nothing. Never rejects on a non-zero exit. */
  git(args: readonly string[], options?: { readonly stdin?: string; readonly secret?: string; readonly env?: Readonly<Record<string, string>> }): Promise<CommandAnswer>
  readonly artifacts: {
    has(sha256: Digest): Promise<boolean>
    /** The bytes as a request body. Throws SlipwayError `artifact-missing` or `artifact-changed`. */
    body(sha256: Digest): Promise<Body>
  }
  readonly evidence: { find(key: string): Promise<Evidence | undefined> }
  /** Lends a secret's value for one call. Throws Refused `secret-missing`. */
  secret<T>(name: string, use: (value: string) => Promise<T>): Promise<T>
  /** True when the secret has a value. */
  hasSecret(name: string): boolean
  /** Where a public address is served for programs that do not go through this world (pip). */
  address(url: string): string
  /** What Sigstore's signatures are verified against: a TrustedRoot document (https://github.com/sigstore/protobuf-specs). Throws SlipwayError `remote-unreachable`. */
  trustedRoot(): Promise<Json>
  now(): Date
}

/** Time as the engine knows it; a rehearsal's clock does not make anybody wait. */
export interface Clock {
  now(): Date
  /** Resolves after `ms` milliseconds, or at once when the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** A secret that a service gives for a while. */
export interface Fleeting {
  readonly value: string
  /** Until when it may be lent again; one of the past is lent once. */
  readonly until: Date
}

/** A mail server, and who sends there. */
export interface MailServer {
  readonly host: string
  readonly port: number
  readonly login?: { readonly user: string; readonly password: string }
}

/** One mail to one address. */
export interface Letter {
  /** An address, or `Name <address>`. */
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly text: string
  /** In angle brackets (RFC 5322). */
  readonly messageId: string
  /** The message that this one answers. */
  readonly inReplyTo?: string
  readonly date: Date
  readonly headers: Readonly<Record<string, string>>
}

/** The whole world: what an apply or an undo is given. */
export interface World extends Look {
  readonly evidence: { find(key: string): Promise<Evidence | undefined>; record(evidence: Evidence): Promise<void> }
  /**
   * Lends a secret that a service gives for a while: the one that is in the memory of this process while it is good, else what `ask` gets.
   * It is redacted like every secret from then on. One whose use was Refused is asked for anew.
   */
  fleeting<T>(name: string, ask: () => Promise<Fleeting>, use: (value: string) => Promise<T>): Promise<T>
  /**
   * Mail over SMTP with TLS. `check` logs in and sends nothing. Both throw Refused where the server says no or was not reached; a plain Error where a letter
   * may have been taken.
   */
  readonly mail: { check(server: MailServer): Promise<void>; send(server: MailServer, letter: Letter): Promise<void> }
  /** Runs a program with the allow-listed environment. Never rejects on a non-zero exit; throws SlipwayError `tool-missing`. */
  run(command: Command): Promise<CommandAnswer>
  /** Lends an empty folder, or with `checkout` the exact files of that commit or tree. */
  scratch<T>(use: (scratch: Scratch) => Promise<T>, options?: { readonly checkout?: string }): Promise<T>
  /** A folder of this machine, to read from; relative to the repository. */
  folder(path: string): Pick<Scratch, 'path' | 'list' | 'read'>
  /** Every Python found (uv, pyenv, PATH), newest first, one per minor version. */
  interpreters(): Promise<readonly Interpreter[]>
  /** The Python that can run these modules (`build`, `twine`). Throws SlipwayError `tool-missing` with the remedy. */
  pythonWith(modules: readonly string[]): Promise<Interpreter>
}
