// Tests of the copy that a rehearsal works on: what the project and the person have set up takes no part in it.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { cloneForRehearsal } from './clone.ts'
import { gitIn, repository, temporaryFolder } from '../world/test-rig.ts'

test('the copy runs no hook, template or filter, and takes neither secrets nor remotes with it', async (t) => {
  await using at = await repository({ '.gitattributes': '* filter=trap', a: '1' })
  await using home = await temporaryFolder()
  await using out = await temporaryFolder()
  const trace = join(home.path, 'started')
  const trap = join(home.path, 'trap')
  await writeFile(trap, `#!/bin/sh\nenv >> ${trace}\ncat\n`)
  await chmod(trap, 0o755)
  await mkdir(join(home.path, 'hooks'))
  for (const hook of ['post-checkout', 'pre-push', 'reference-transaction']) {
    await writeFile(join(home.path, 'hooks', hook), `#!/bin/sh\nenv >> ${trace}\n`)
    await chmod(join(home.path, 'hooks', hook), 0o755)
  }
  await mkdir(join(home.path, 'template'))
  await writeFile(join(home.path, 'template', 'config'), '[user]\n\tname = Template\n[remote "evil"]\n\turl = ext::x\n')
  await writeFile(join(home.path, 'gitconfig'), `[user]\n\tname = Ann\n\temail = ann@example.org\n[core]\n\thooksPath = ${join(home.path, 'hooks')}\n[init]\n\ttemplateDir = ${join(home.path, 'template')}\n[filter "trap"]\n\tsmudge = ${trap}\n\tclean = ${trap}\n[credential]\n\thelper = !${trap}\n`)
  const before = { ...process.env }
  t.after(() => { process.env = before })
  Object.assign(process.env, { GIT_CONFIG_GLOBAL: join(home.path, 'gitconfig'), GITHUB_TOKEN: 'canary-value', GIT_SSH_COMMAND: trap })
  for (const name of ['GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL']) Reflect.deleteProperty(process.env, name)
  const bare = join(out.path, 'bare.git')
  gitIn(out.path, 'init', '--quiet', '--bare', bare)
  const clone = await cloneForRehearsal(at.path, join(out.path, 'project'))
  await clone.publishTo(bare, 'main')
  await clone.remote('origin', 'https://github.com/o/r.git')
  assert.equal(existsSync(trace), false)
  assert.equal(gitIn(clone.folder, 'config', 'user.name'), 'Ann')
  assert.equal(gitIn(clone.folder, 'remote'), 'origin')
  assert.equal(gitIn(bare, 'rev-parse', 'main'), gitIn(at.path, 'rev-parse', 'HEAD'))
})
