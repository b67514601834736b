// The kinds of a toy target over the real type: one of each way back, with lag, server-chosen ids, a wait and a blind post.
import { z } from 'zod'
import { Refused } from '../../src/model/error.ts'
import { defineKind, type AnyKind, type Probe } from '../../src/model/kind.ts'
import { make, takeBack, type ToyFile, type ToyServers } from './toy-servers.ts'
import type { Line } from './toy-line.ts'

const ABSENT = { state: 'absent' } as const
const words = { apply: 'make it', undo: 'take it back', byHand: [] }
const text = z.string()
const nothing = z.strictObject({})
const fileInput = z.strictObject({ name: text, sha: text })
const shaOutput = z.strictObject({ sha: text })
const schemas = {
  tag: { input: z.strictObject({ name: text, commit: text }), output: z.strictObject({ commit: text }) },
  draft: { input: nothing, output: z.strictObject({ id: z.int() }) },
  asset: { input: fileInput.extend({ draft: z.int() }), output: shaOutput },
  reveal: { input: z.strictObject({ draft: z.int() }), output: z.strictObject({ url: text }) },
  file: { input: fileInput, output: shaOutput },
  verify: { input: z.strictObject({ files: z.array(text) }), output: nothing },
  post: { input: z.strictObject({ text }), output: nothing },
}
type FileInput = z.infer<typeof fileInput>

/** Every toy kind by name, for one process. */
export function toyKinds(servers: ToyServers, line: Line): ReadonlyMap<string, AnyKind> {
  const base = { describe: () => words, examples: () => [] }

  const tag = defineKind({
    ...base, kind: 'toy.tag', ...schemas.tag,
    probe: (_, { name, commit }) => line.cross(`probe toy.tag`, (): Probe<{ commit: string }> => {
      const found = servers.tags.get(name)
      if (found === undefined) return ABSENT
      return found === commit ? { state: 'present', output: { commit } } : { state: 'conflict', found: `${name} is at ${found}` }
    }),
    apply: (_, { name, commit }) => line.cross('apply toy.tag', () => {
      make(servers, 'toy.tag', () => {
        if (servers.tags.has(name) && servers.tags.get(name) !== commit) throw new Refused({ code: 'tag-exists', message: `There is a tag ${name}.` })
        const fresh = !servers.tags.has(name)
        servers.tags.set(name, commit)
        return fresh
      })
      return { commit }
    }),
    reversal: { is: 'reversible', undo: (_, { name }) => line.cross('undo toy.tag', () => { takeBack(servers, 'toy.tag', () => { servers.tags.delete(name) }) }) },
  })

  const draft = defineKind({
    ...base, kind: 'toy.draft', ...schemas.draft,
    probe: (_, _input, key) => line.cross('probe toy.draft', (): Probe<{ id: number }> => {
      const [found, ...more] = servers.drafts.filter(({ marker }) => marker === key)
      if (more.length > 0) return { state: 'conflict', found: 'several drafts carry the marker' }
      return found === undefined ? ABSENT : { state: 'present', output: { id: found.id } }
    }),
    apply: (_, _input, { key }) => line.cross('apply toy.draft', () => {
      const id = (servers.made.get('toy.draft') ?? 0) + 41
      make(servers, 'toy.draft', () => servers.drafts.push({ id, marker: key, assets: new Map(), published: false }) > 0)
      return { id }
    }),
    reversal: {
      is: 'reversible',
      undo: (_, _input, _output, { key }) => line.cross('undo toy.draft', () => {
        takeBack(servers, 'toy.draft', () => { servers.drafts.splice(servers.drafts.findIndex(({ marker }) => marker === key), 1) })
      }),
    },
  })

  const draftOf = (id: number) => {
    const found = servers.drafts.find((each) => each.id === id)
    if (found === undefined) throw new Refused({ code: 'request-refused', message: `There is no draft ${id}.` })
    return found
  }
  const asset = defineKind({
    ...base, kind: 'toy.asset', ...schemas.asset,
    probe: (_, { draft: id, name, sha }) => line.cross('probe toy.asset', (): Probe<{ sha: string }> => {
      const found = servers.drafts.find((each) => each.id === id)?.assets.get(name)
      if (found === undefined) return ABSENT
      return found === sha ? { state: 'present', output: { sha } } : { state: 'conflict', found: `${name} holds ${found}` }
    }),
    apply: (_, { draft: id, name, sha }) => line.cross('apply toy.asset', () => {
      make(servers, 'toy.asset', () => {
        const { assets } = draftOf(id)
        const fresh = !assets.has(name)
        assets.set(name, sha)
        return fresh
      })
      return { sha }
    }),
    reversal: { is: 'reversible', undo: (_, { draft: id, name }) => line.cross('undo toy.asset', () => { takeBack(servers, 'toy.asset', () => { draftOf(id).assets.delete(name) }) }) },
  })

  const reveal = defineKind({
    ...base, kind: 'toy.reveal', ...schemas.reveal,
    probe: (_, { draft: id }) => line.cross('probe toy.reveal', (): Probe<{ url: string }> => {
      const found = servers.drafts.find((each) => each.id === id)
      return found?.published === true ? { state: 'present', output: { url: `/releases/${id}` } } : ABSENT
    }),
    apply: (_, { draft: id }) => line.cross('apply toy.reveal', () => {
      make(servers, 'toy.reveal', () => {
        const found = draftOf(id)
        const fresh = !found.published
        found.published = true
        return fresh
      })
      return { url: `/releases/${id}` }
    }),
    reversal: { is: 'reversible', undo: (_, { draft: id }) => line.cross('undo toy.reveal', () => { takeBack(servers, 'toy.reveal', () => { draftOf(id).published = false }) }) },
  })

  const ofFiles = (kind: string) => ({
    ...base, kind, ...schemas.file, settlesWithin: servers.lag + 1,
    probe: async (_: unknown, input: FileInput) => line.cross(`probe ${kind}:${input.name}`, () => seen(servers.files.get(`${kind}:${input.name}`), input, servers.now())),
    apply: async (_: unknown, { name, sha }: FileInput) => line.cross(`apply ${kind}:${name}`, () => {
      const id = `${kind}:${name}`
      make(servers, id, () => {
        const found = servers.files.get(id)
        if (found !== undefined && found.sha !== sha) throw new Refused({ code: 'version-published', message: `${name} holds other bytes.` })
        if (found === undefined) servers.files.set(id, { sha, yanked: false, visibleAt: servers.now() + servers.lag, yankVisibleAt: Infinity })
        return found === undefined
      })
      return { sha }
    }),
  })
  const trial = defineKind<FileInput, { sha: string }>({
    ...ofFiles('toy.trial'),
    reversal: {
      is: 'compensable', leaves: 'the file stays, yanked',
      undo: (_, { name }) => line.cross(`undo toy.trial:${name}`, () => {
        const id = `toy.trial:${name}`
        takeBack(servers, id, () => {
          const file = servers.files.get(id)
          if (file !== undefined) Object.assign(file, { yanked: true, yankVisibleAt: servers.now() + servers.lag })
        })
      }),
    },
  })
  const upload = defineKind<FileInput, { sha: string }>({
    ...ofFiles('toy.upload'),
    reversal: { is: 'by-hand', leaves: 'the file stays, yanked', instructions: ({ name }) => ({ page: `toy.upload:${name}`, steps: ['Yank it.'], done: `${name} is yanked` }) },
  })

  const verify = defineKind({
    ...base, kind: 'toy.verify', ...schemas.verify,
    probe: (_, { files }) => line.cross('probe toy.verify', (): Probe<Record<string, never>> => {
      const missing = files.find((name) => (servers.files.get(name)?.visibleAt ?? Infinity) > servers.now())
      return missing === undefined ? { state: 'present', output: {} } : { state: 'absent', missing: `${missing} on the index` }
    }),
    reversal: { is: 'none' },
  })

  const post = defineKind({
    ...base, kind: 'toy.post', ...schemas.post,
    probe: () => line.cross('probe toy.post', (): Probe<Record<string, never>> => ({ state: 'unknown', why: 'nobody can read the chat', blind: true })),
    apply: (_, { text }) => line.cross('apply toy.post', () => {
      make(servers, 'toy.post', () => servers.posts.push(text) > 0)
      return {}
    }),
    reversal: { is: 'final', because: 'people have read it' },
  })

  return new Map<string, AnyKind>([tag, draft, asset, reveal, trial, upload, verify, post].map((kind: AnyKind) => [kind.kind, kind]))
}

function seen(file: ToyFile | undefined, { sha }: FileInput, now: number): Probe<{ sha: string }> {
  if (file === undefined || now < file.visibleAt) return ABSENT
  if (file.sha !== sha) return { state: 'conflict', found: `the file holds ${file.sha}` }
  return file.yanked && now >= file.yankVisibleAt ? { state: 'withdrawn' } : { state: 'present', output: { sha } }
}
