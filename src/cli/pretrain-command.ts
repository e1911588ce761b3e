// armgym pretrain
import { ProgressLine, progressBar } from "../log/progress-line.js";
import { UsageError } from "../math/usage-error.js";
import { type PretrainingError, pretrainEncoder } from "../rl/encoder-pretraining.js";
import { resolveSettings } from "../rl/resolve-settings.js";
import { writeEncoder } from "./encoder-file.js";
import { locateAgent, locateEnv } from "./packaged-modules.js";
import { sortOverrides } from "./training-request.js";

interface PretrainArguments {
  readonly scenes: number;
  readonly out: string;
  readonly agent: string;
  readonly seed: number;
  readonly engine: string;
  readonly json?: boolean;
  readonly overrides: Readonly<Record<string, unknown>>;
}

/** Train the image encoder of an agent on scenes of an environment, write it, and tell how well it sees. */
export async function pretrainCommand(name: string, options: PretrainArguments): Promise<void> {
  const { scenes, out, seed, engine, json } = options;
  const env = (await locateEnv(name)).thing;
  const agent = locateAgent(options.agent).thing;
  if (!agent.readsImages)
    throw new UsageError(
      `Agent "${agent.id}" sees no images: it has no encoder to train. Leave --agent out.`,
    );
  const [settings, envConfig] = sortOverrides(
    options.overrides,
    { name: agent.id, keys: ["encoder"] },
    { name: env.id, keys: Object.keys(env.defaults) },
  );
  const { encoder: kind = "patch" } = resolveSettings(agent, env.id, settings);
  const progress = new ProgressLine(process.stderr);
  const begin = performance.now();
  const { encoder, heldOut, errors } = await pretrainEncoder({
    env,
    envConfig,
    encoder: kind,
    scenes,
    seed,
    engine,
    onProgress: (share) =>
      progress.show(`${env.id} ${progressBar(share)} ${Math.round(share * scenes)} scenes`, share === 1),
  });
  progress.end();
  const seconds = (performance.now() - begin) / 1000;
  await writeEncoder(out, encoder);
  const outcome = {
    env: env.id,
    encoder: encoder.kind,
    scenes,
    seconds,
    secondsPerThousand: (1000 * seconds) / scenes,
    heldOut,
    errors,
    file: out,
  };
  process.stdout.write(json ? `${JSON.stringify(outcome)}\n` : `${describe(outcome)}\n`);
}

function describe({
  scenes,
  seconds,
  secondsPerThousand,
  heldOut,
  errors,
  file,
}: {
  readonly scenes: number;
  readonly seconds: number;
  readonly secondsPerThousand: number;
  readonly heldOut: number;
  readonly errors: readonly PretrainingError[];
  readonly file: string;
}): string {
  const millimetres = (metres: number) => `${(1000 * metres).toFixed(1)} mm`;
  return [
    `Wrote ${file}: ${scenes} scenes in ${seconds.toFixed(1)} s, ${secondsPerThousand.toFixed(2)} s per thousand.`,
    `Error on ${heldOut} scenes it never saw (and of a guess that is always the mean):`,
    ...errors.map(({ what, error, spread }) => `  ${what}: ${millimetres(error)} (${millimetres(spread)})`),
  ].join("\n");
}
