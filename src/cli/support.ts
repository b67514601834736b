// `slipway support`: which versions are supported; writes the table into documents, and the lines into files for other programs.
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Option, type Command } from 'commander'
import { LIFECYCLE_FORMATS, lifecycleText, type LifecycleFormat } from '../calendar/index.ts'
import { SlipwayError } from '../model/error.ts'
import type { SupportDocument } from '../app/support.ts'
import { exitOfProblem } from './exit.ts'
import { command } from './options.ts'
import { inSession, type CommonOptions, type Session, type Substitutes } from './session.ts'
import { expectFolderOf, writeOut } from './write-out.ts'

interface Options extends CommonOptions { readonly write?: boolean; readonly markdown?: boolean; readonly export?: LifecycleFormat; readonly out?: string }

/** The command. */
export function supportCommand(substitutes: Substitutes): Command {
  return command('support', 'show which versions are supported, and keep the table of them in documents')
    .addOption(new Option('--write', 'write the table into the documents of `support.documents`; what a person wrote there stays').conflicts(['markdown', 'export']))
    .addOption(new Option('--markdown', 'print the table in Markdown and nothing else').conflicts('export'))
    .addOption(new Option('--export <format>', 'print the lines for other programs: a product of endoflife.date, or OpenEoX').choices([...LIFECYCLE_FORMATS]))
    .option('--out <file>', 'write what --export prints to a file')
    .action(async (options: Options) => inSession(options, async (session) => {
      const { lifecycle, support } = await import('../app/support.ts')
      if (options.out !== undefined && options.export === undefined) throw new SlipwayError({ code: 'usage', message: '`--out` names a file for `--export`, which is missing.', hint: `Add \`--export ${LIFECYCLE_FORMATS.join('` or `--export ')}\`.` })
      if (options.out !== undefined) await expectFolderOf(options.out)
      await using composed = await session.compose({ yes: false })
      const { app } = composed
      if (options.export !== undefined) return exported(session, { text: lifecycleText(options.export, await lifecycle(app)), options })
      const view = await support(app)
      if (options.markdown === true) {
        session.reporter.show({ type: 'document', mediaType: 'text/markdown', text: `${view.table}\n` })
        return 0
      }
      if (options.write === true) return written(session, { documents: view.documents, top: app.world.folder('.').path })
      session.reporter.show({ type: 'support', view })
      return 0
    }, substitutes))
}

async function exported({ reporter }: Session, { text, options }: { readonly text: string; readonly options: Options }): Promise<number> {
  if (options.out === undefined) {
    reporter.show({ type: 'document', mediaType: 'application/json', text })
    return 0
  }
  await writeOut(options.out, text)
  reporter.show({ type: 'end', exit: 0, text: `Wrote ${options.out}.` })
  return 0
}

/** Writes every document that is not right, or none where the comments of one are broken. */
async function written({ reporter }: Session, { documents, top }: { readonly documents: readonly SupportDocument[]; readonly top: string }): Promise<number> {
  const broken = documents.flatMap(({ wanted, problem }) => wanted === undefined && problem !== undefined ? [problem] : [])
  if (broken[0] !== undefined) {
    reporter.show({ type: 'problems', problems: broken })
    reporter.show({ type: 'end', exit: exitOfProblem(broken[0].code), text: 'Nothing was written.' })
    return exitOfProblem(broken[0].code)
  }
  const stale = documents.filter(({ problem }) => problem !== undefined)
  for (const { path, wanted = '' } of stale) {
    await mkdir(dirname(join(top, path)), { recursive: true })
    await writeOut(join(top, path), wanted)
    reporter.show({ type: 'note', text: `Wrote ${path}.` })
  }
  reporter.show({
    type: 'end', exit: 0,
    text: documents.length === 0 ? 'No document is named in `support.documents`.' : stale.length === 0 ? 'Every table is right already.' : 'Every table is right now.',
    ...(stale.length === 0 ? {} : { next: `Read and commit ${stale.length === 1 ? 'it' : 'them'}: \`git diff\`, then \`git commit --message "docs: supported versions" ${stale.map(({ path }) => path).join(' ')}\`.` }),
  })
  return 0
}
