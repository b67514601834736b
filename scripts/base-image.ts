// Makes the base image that the demo builds the example upon where no registry can be reached: a stand-in for docker.io/library/python.
import { execFile } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const NAME = 'localhost/slipway-demo-base:1'
const PLATFORMS = ['linux/amd64', 'linux/arm64']
const APPLETS = ['sh', 'mkdir', 'unzip']

/** What a real image has a Python for: this one only knows how to unpack a wheel, which is all that the example's Dockerfile runs. */
const PYTHON = `#!/bin/sh
# Stands in for Python in a demo without a network. It runs no programs.
set -e
if [ "$1 $2 $3" != "-m pip install" ]; then
  echo "This stand-in for Python only knows: python3 -m pip install --target FOLDER WHEEL" >&2
  exit 1
fi
shift 3
target=
wheels=
while [ $# -gt 0 ]; do
  case "$1" in
    --target) target=$2; shift 2 ;;
    -*) shift ;;
    *) wheels="$wheels $1"; shift ;;
  esac
done
mkdir -p "$target"
for wheel in $wheels; do
  unzip -q -o "$wheel" -d "$target"
  echo "Unpacked $wheel into $target"
done
`

const DOCKERFILE = `FROM scratch
ARG TARGETARCH
COPY \${TARGETARCH}/ /
ENV PATH=/bin
`

const run = promisify(execFile)

/** A base image in the storage of a builder. */
export interface BaseImage {
  readonly name: string
  readonly builder: 'buildah' | 'podman'
}

/**
 * Makes the base image once, for both platforms, in the storage that buildah and podman share, and tells it. Undefined where neither of
 * them or no statically linked busybox is there. The platform of this machine gets a shell; the other one gets a file, since nothing runs in it.
 */
export async function makeBaseImage(): Promise<BaseImage | undefined> {
  const program = await works('buildah', ['info']) ? 'buildah' : await works('podman', ['info']) ? 'podman' : undefined
  const busybox = await staticBusybox()
  if (program === undefined || busybox === undefined) return undefined
  const made = { name: NAME, builder: program } as const
  if (await works(program, ['manifest', 'inspect', NAME])) return made
  const folder = await mkdtemp(join(tmpdir(), 'slipway-base-'))
  try {
    await fill(folder, busybox)
    const build = ['build', '--format', 'oci', '--layers=false', '--timestamp', '946684800', '--jobs', '1', '--platform', PLATFORMS.join(','), '--manifest', NAME, folder]
    if (await works(program, build)) return made
    // Half a list would be taken for the whole one the next time.
    await works(program, ['manifest', 'rm', NAME])
    return undefined
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function fill(folder: string, busybox: string): Promise<void> {
  const native = process.arch === 'arm64' ? 'arm64' : 'amd64'
  await writeFile(join(folder, 'Dockerfile'), DOCKERFILE)
  for (const platform of PLATFORMS) {
    const root = join(folder, platform.slice('linux/'.length))
    await mkdir(join(root, 'bin'), { recursive: true })
    await mkdir(join(root, 'tmp'))
    await writeFile(join(root, 'slipway-demo-base'), `A stand-in for docker.io/library/python on ${platform}, made on this machine.\n`)
    for (const path of ['.', 'bin', 'slipway-demo-base']) await chmod(join(root, path), path === 'slipway-demo-base' ? 0o644 : 0o755)
    await chmod(join(root, 'tmp'), 0o1777)
  }
  const bin = join(folder, native, 'bin')
  await copyFile(busybox, join(bin, 'busybox'))
  await chmod(join(bin, 'busybox'), 0o755)
  for (const applet of APPLETS) await symlink('busybox', join(bin, applet))
  await writeFile(join(bin, 'python3'), PYTHON)
  await chmod(join(bin, 'python3'), 0o755)
  await symlink('python3', join(bin, 'python'))
}

/** Debian's busybox-static, or another one that needs no libraries of the machine. */
async function staticBusybox(): Promise<string | undefined> {
  if (process.platform !== 'linux' || (process.arch !== 'x64' && process.arch !== 'arm64')) return undefined
  for (const path of ['/bin/busybox', '/usr/bin/busybox', '/usr/local/bin/busybox']) {
    const bytes = await readFile(path).catch(() => undefined)
    // A program that is linked dynamically names its loader near its start.
    if (bytes !== undefined && !bytes.subarray(0, 8192).includes('/ld-')) return path
  }
  return undefined
}

async function works(program: string, args: readonly string[]): Promise<boolean> {
  return run(program, args, { maxBuffer: 2 ** 26 }).then(() => true, () => false)
}

if (import.meta.main) {
  const made = await makeBaseImage()
  console.log(made === undefined ? 'No base image can be made here: that takes buildah or podman, and busybox-static.' : `The base image is ${made.name}.`)
}
