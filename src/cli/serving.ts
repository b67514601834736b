// Says where a rehearsal world is served, and how real clients are pointed at it.
import type { RehearsalWorld } from '../rehearsal/world.ts'
import type { Message } from '../report/message.ts'

/** The settings of pip, twine, git and Slipway for a served world. `file` is the one that SLIPWAY_WORLD names, `secrets` the values that the project's secrets have there. */
export function servingMessage({ served, remote, registries, identity }: RehearsalWorld, { file, token, secrets = {} }: { readonly file?: string; readonly token?: string; readonly secrets?: Readonly<Record<string, string>> } = {}): Extract<Message, { type: 'serving' }> {
  const git = served.address(remote)
  const secret = token ?? 'TOKEN'
  return {
    type: 'serving',
    origin: served.origin,
    settings: [
      { client: 'pip', lines: [`pip install --index-url ${served.address('https://pypi.org/simple/')} NAME`] },
      { client: 'twine', lines: [`TWINE_USERNAME=__token__ TWINE_PASSWORD=${secret} twine upload --repository-url ${served.address('https://upload.pypi.org/legacy/')} dist/*`] },
      { client: 'git', lines: [`git clone ${git}`, `git push ${git.replace('http://', `http://x-access-token:${secret}@`)} main`] },
      ...registries.map(({ host }) => ({ client: `skopeo, buildah and podman, for ${host}`, lines: [`skopeo copy --all --dest-tls-verify=false --dest-creds slipway:${secret} oci:LAYOUT docker://${served.origin.slice('http://'.length)}/${host}/OWNER/NAME:TAG`] })),
      ...(file === undefined ? [] : [{ client: 'slipway', lines: [`export SLIPWAY_WORLD=${file} GITHUB_TOKEN=${secret} PYPI_TOKEN=${secret} TESTPYPI_TOKEN=${secret}${Object.entries(secrets).filter(([name]) => !/^(?:GITHUB|PYPI|TESTPYPI)_TOKEN$/.test(name)).map(([name, value]) => ` ${name}=${value}`).join('')}`, `export ${Object.entries(identity).map(([name, value]) => `${name}='${value}'`).join(' ')}   # signs as a job of GitHub Actions would`] }]),
    ],
  }
}
