// armgym demo
import { experts } from "../../agents/index.js";
import { expertPolicy, type ScriptedExpert } from "../../agents/scripted-expert.js";
import { ProgressLine } from "../log/progress-line.js";
import { UsageError } from "../math/usage-error.js";
import { writeRecording } from "../replay/mcap-write.js";
import { type EpisodeRecording, joinEpisodes, summarizeRecording } from "../replay/recording.js";
import { DEMONSTRATION_SEED, recordDemonstration } from "../rl/demonstrate.js";
import { atomicWrite } from "./atomic-write.js";
import { locateEnv } from "./packaged-modules.js";

interface DemoOptions {
  readonly episodes: number;
  readonly out: string;
  readonly seed?: number;
  readonly noise: number;
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly json?: boolean;
}

/** Tries per episode asked for, before the expert is held to be of no use. */
const MAX_TRIES = 5;

/** Record episodes that the environment's expert solves, all into one file. */
export async function demoCommand(name: string, options: DemoOptions): Promise<void> {
  const { episodes, out, noise } = options;
  if (!out.endsWith(".mcap"))
    throw new UsageError(`--out ${out} does not end in .mcap. For example: --out demos.mcap`);
  const factory = (await locateEnv(name)).thing;
  const known: Readonly<Record<string, ScriptedExpert>> = experts;
  const expert = Object.hasOwn(known, factory.id) ? known[factory.id] : undefined;
  if (!expert) {
    throw new UsageError(
      `There is no scripted expert for ${factory.id}. There is one for: ${Object.keys(known).join(", ")}.`,
    );
  }
  const env = factory.create(options.overrides);
  const actor = expertPolicy(expert, env.spec);
  const progress = new ProgressLine(process.stderr);
  const kept: EpisodeRecording[] = [];
  let tried = 0;
  for (; kept.length < episodes && tried < MAX_TRIES * episodes; tried++) {
    const seed = (options.seed ?? DEMONSTRATION_SEED) + tried;
    const recording = recordDemonstration(env, actor, seed, { agent: expert.id, noise });
    if (summarizeRecording(recording).success) kept.push(recording);
    progress.show(`${factory.id} ${kept.length} of ${episodes} demonstrations, ${tried + 1} tried`, false);
  }
  progress.end();
  if (kept.length < episodes) {
    throw new UsageError(
      `${expert.id} solved ${kept.length} of ${tried} episodes of ${factory.id}; ${episodes} were wanted. Lower --noise.`,
    );
  }
  const bytes = await writeRecording(joinEpisodes(kept));
  atomicWrite(out, bytes);
  const steps = kept.reduce((sum, { frames }) => sum + frames.length - 1, 0);
  const outcome = {
    env: factory.id,
    expert: expert.id,
    episodes,
    tried,
    steps,
    file: out,
    bytes: bytes.length,
  };
  process.stdout.write(
    options.json
      ? `${JSON.stringify(outcome)}\n`
      : `Wrote ${episodes} episodes, ${steps} steps (${(bytes.length / 2 ** 20).toFixed(1)} MB) to ${out}; ${tried} were tried.\n`,
  );
}
