// What a failed build means: the instruction that failed, or a platform that cannot be built here.
import { Refused } from '../../model/error.ts'
import { lastLines } from '../checks/output.ts'
import { lineOf } from './labels.ts'

/** A build that failed. */
export interface FailedBuild {
  readonly image: string
  readonly platform: string
  readonly dockerfile: { readonly path: string; readonly text: string }
  /** All that the builder said. */
  readonly said: string
  /** How a person would try it, as one line for a shell. */
  readonly byHand: string
}

const FOREIGN = /exec format error/i
const NO_BASE = /no image found in (?:manifest list|image index)|no match(?:ing manifest)? for (?:platform|\S+\/\S+) in|does not match the (?:specified|expected) platform/i

/** The refusal of a failed build: `platform-unbuildable`, or `build-failed` with the instruction that failed. */
export function buildTrouble(failed: FailedBuild): Refused {
  const { image, platform, dockerfile, said, byHand } = failed
  const step = failingStep(said)
  const at = step === undefined ? '' : ` It failed at ${step.shown}`
  const line = step === undefined ? undefined : lineOf(dockerfile.text, step.instruction)
  const known = { place: { file: dockerfile.path, ...(line === undefined ? {} : { line }) }, detail: lastLines(said) }
  if (FOREIGN.test(said)) {
    return new Refused({
      code: 'platform-unbuildable',
      message: `${image} cannot be built for ${platform} here: its Dockerfile runs programs of that platform, which this machine does not execute.${at}`,
      hint: `Install qemu-user-static, which registers an emulator with binfmt (docker run --privileged --rm tonistiigi/binfmt --install all does the same), run such steps in a stage FROM --platform=$BUILDPLATFORM, or take ${platform} out of "platforms" under "image" in slipway.yaml.`,
      ...known,
    })
  }
  if (NO_BASE.test(said)) {
    return new Refused({
      code: 'platform-unbuildable',
      message: `${image} cannot be built for ${platform}: an image that it is built from does not exist for that platform.${at}`,
      hint: `Build from an image that exists for ${platform}, or take it out of "platforms" under "image" in slipway.yaml.`,
      ...known,
    })
  }
  return new Refused({
    code: 'build-failed',
    message: `${image} cannot be built for ${platform}.${at}`,
    hint: `See what the build says, then try it by hand: ${byHand}`,
    ...known,
  })
}

interface FailingStep {
  /** As the builder writes it: `STEP 4/7: RUN make`, `[4/7] RUN make`. */
  readonly shown: string
  readonly instruction: string
}

/** The instruction that the builder was at: BuildKit repeats it after a line of dashes, the others told it last. */
function failingStep(said: string): FailingStep | undefined {
  const [, kit, kitInstruction] = /^-{3,}\n > (\[[^\]]+\] (.+?)):?$/m.exec(said) ?? []
  if (kit !== undefined && kitInstruction !== undefined) return { shown: kit, instruction: kitInstruction }
  const last = [...said.matchAll(/^(?:\[[^\]]+\] )?STEP \d+(?:\/\d+)?: (.+)$/gm)].at(-1)
  return last?.[1] === undefined ? undefined : { shown: last[0], instruction: last[1] }
}
