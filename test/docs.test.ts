// The documents say what the code says: generated pages are fresh, examples parse, commands and links exist.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { test } from 'node:test'
import type { Command } from 'commander'
import { generatedDocs } from '../scripts/docs.ts'
import { configExample } from '../scripts/docs/config-example.ts'
import { board, boardNotice } from '../scripts/docs/example/board.ts'
import { withBoard } from '../scripts/docs/example/try-board.ts'
import { CONTEXT, GROUND } from '../scripts/docs/release-shown.ts'
import { announceCommand } from '../src/cli/announce.ts'
import { approveCommand } from '../src/cli/approve.ts'
import { checkCommand } from '../src/cli/check.ts'
import { ciCommand } from '../src/cli/ci.ts'
import { doctorCommand } from '../src/cli/doctor.ts'
import { initCommand } from '../src/cli/init.ts'
import { monitorCommand } from '../src/cli/monitor.ts'
import { planCommand } from '../src/cli/plan.ts'
import { rehearseCommand } from '../src/cli/rehearse.ts'
import { releaseCommand } from '../src/cli/release.ts'
import { rollbackCommand } from '../src/cli/rollback.ts'
import { scheduleCommand } from '../src/cli/schedule.ts'
import { statusCommand } from '../src/cli/status.ts'
import { supportCommand } from '../src/cli/support.ts'
import { verifyCommand } from '../src/cli/verify.ts'
import { worldCommand } from '../src/cli/world.ts'
import { parseConfig } from '../src/config/index.ts'
import type { Once } from '../src/model/kind.ts'
import { TARGETS } from '../src/targets/list.ts'

const root = resolve(import.meta.dirname, '..')
const COMMANDS: readonly Command[] = [initCommand, checkCommand, doctorCommand, planCommand, rehearseCommand, releaseCommand, statusCommand, approveCommand, rollbackCommand, verifyCommand, monitorCommand, announceCommand, supportCommand, scheduleCommand, worldCommand, ciCommand].map((each) => each({}))

/** Every document for readers of the repository, by path. */
async function documents(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for await (const path of glob(['*.md', 'docs/**/*.md', 'src/**/README.md'], { cwd: root })) found.set(path, await readFile(join(root, path), 'utf8'))
  assert.ok(found.has('README.md') && found.has('docs/config.md') && found.has('src/targets/git/README.md'), [...found.keys()].join(', '))
  return found
}

test('every generated page is what the code says now', async () => {
  for (const [path, text] of generatedDocs()) {
    const kept = await readFile(join(root, path), 'utf8').catch(() => '')
    assert.ok(kept === text, `${path} is not what the code says. Write it anew with: node scripts/bootstrap.mjs scripts/docs.ts`)
  }
})

test('the whole example of slipway.yaml parses, with every target on', () => {
  const config = parseConfig({ file: 'docs/config.md', text: configExample(), targets: TARGETS })
  assert.deepEqual([...config.targets.keys()], TARGETS.map(({ name }) => name))
})

test('every whole slipway.yaml in a document parses', async () => {
  let seen = 0
  for (const [path, text] of await documents()) {
    for (const [, yaml = ''] of text.matchAll(/^```yaml\n(.*?)^```$/gms)) {
      if (!/^name:/m.test(yaml)) continue
      assert.doesNotThrow(() => parseConfig({ file: path, text: yaml, targets: TARGETS }), path)
      seen += 1
    }
  }
  assert.ok(seen >= 2, `${seen} found`)
})

test('every command that a document names exists, with its options', async () => {
  let seen = 0
  for (const [path, text] of await documents()) {
    for (const { command, options } of commandsIn(text)) {
      const known = COMMANDS.find((each) => each.name() === command)
      assert.ok(known !== undefined, `${path} names \`slipway ${command}\`, which is no command`)
      for (const option of options) assert.ok(known.options.some(({ long }) => long === option), `${path} gives \`slipway ${command}\` the option ${option}, which it does not have`)
      seen += 1
    }
  }
  assert.ok(seen > 20, `${seen} found`)
})

test('every relative link of a document leads to a file, and to a heading in it', async () => {
  const all = await documents()
  for (const [path, text] of all) {
    for (const [, target = ''] of withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      const [file = '', heading] = target.split('#')
      const to = file === '' ? path : join(dirname(path), file)
      assert.ok(existsSync(join(root, to)), `${path} links to ${target}, which is not there`)
      if (heading !== undefined) assert.ok(headingsOf(all.get(to) ?? '').includes(heading), `${path} links to ${target}, but ${to} has no such heading`)
    }
  }
})

test('the target of the page on adding one is shown as it compiles', async () => {
  const text = await readFile(join(root, 'docs/adding-a-target.md'), 'utf8')
  for (const file of ['board.ts', 'board-service.ts']) {
    // On the page the imports stand as they would in the target's own folder.
    const shown = (await readFile(join(root, 'scripts/docs/example', file), 'utf8')).replaceAll('../../../src/rehearsal/', '../').replaceAll('../../../src/', '../../')
    assert.ok(text.includes(`\`\`\`ts\n${shown}\`\`\`\n`), `docs/adding-a-target.md does not show scripts/docs/example/${file} as it is`)
  }
})

test('the target of the page on adding one makes its effect, sees it, leaves what is not its own, and takes it back', async () => {
  const state = { notices: new Map<string, string>(), token: 'board-token-for-this-test' }
  await withBoard(state, async (world) => {
    const [given] = boardNotice.examples(GROUND)
    const input = boardNotice.input.parse(given)
    const { reversal } = boardNotice
    assert.ok(boardNotice.apply !== undefined && reversal.is === 'reversible')
    const once: Once = { key: 'key', signal: new AbortController().signal, progress: () => undefined, say: () => undefined }
    assert.deepEqual(await boardNotice.probe(world, input, 'key'), { state: 'absent' })
    const output = await boardNotice.apply(world, input, once)
    assert.deepEqual([...state.notices.values()], ['Version 2.1.0 is out.'])
    assert.deepEqual(await boardNotice.probe(world, input, 'key'), { state: 'present', output })
    await assert.rejects(boardNotice.apply(world, input, once), { name: 'Refused', code: 'request-refused' })
    await reversal.undo(world, input, output, once)
    await reversal.undo(world, input, output, once)
    assert.deepEqual(await boardNotice.probe(world, input, 'key'), { state: 'absent' })
    state.notices.set('/notices/2.1.0', 'Somebody else was here.')
    assert.equal((await boardNotice.probe(world, input, 'key')).state, 'conflict')
    await assert.rejects(reversal.undo(world, input, output, once), { name: 'Refused' })
    assert.equal(state.notices.size, 1)
  })
  const settings = board.settings.parse({ url: 'https://board.example.org/notices' })
  const drafts = board.publish({ ...CONTEXT, commit: { commit: 'c', tree: 't' }, artifacts: [], earlier: [], seen: [] }, settings)
  assert.deepEqual(drafts.map(({ input }) => boardNotice.input.parse(input)), boardNotice.examples(GROUND))
})

/** What is written as code and begins with `slipway`. */
function commandsIn(text: string): readonly { readonly command: string; readonly options: readonly string[] }[] {
  const inline = [...text.matchAll(/`slipway ([a-z]+)([^`]*)`/g)]
  const typed = [...text.matchAll(/^(?:\$ )?slipway ([a-z]+)(.*)$/gm)]
  return [...inline, ...typed].map(([, command = '', rest = '']) => ({ command, options: [...rest.matchAll(/(?<= )--[a-z-]+/g)].map(([option]) => option).filter((option) => option !== '--help') }))
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```.*?^```$/gms, '').replaceAll(/`[^`\n]*`/g, '`')
}

/** The anchors that GitHub gives to headings. */
function headingsOf(text: string): readonly string[] {
  return [...withoutCodeBlocks(text).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))
}

function withoutCodeBlocks(text: string): string {
  return text.replaceAll(/^```.*?^```$/gms, '')
}
