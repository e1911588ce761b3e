// Pre-train an image encoder into a file.
import type { EngineName } from "../compile/engines/engine.js";
import { optionText, UsageError } from "../math/usage-error.js";
import { type PretrainingError, pretrainEncoder } from "../rl/pretraining/encoder-pretraining.js";
import { resolveSettings } from "../rl/resolve-settings.js";
import { writeEncoder } from "./encoder-file.js";
import { locateAgent, locateEnv } from "./packaged-modules.js";
import { sortOverrides } from "./settings/sort-overrides.js";

/** Which encoder is trained, on what. */
export interface CreateEncoderOptions {
  /** Id of an environment, or a module of your own that exports one: "./my-env.ts". */
  readonly env: string;
  /** File that is written. */
  readonly out: string;
  /** Scenes to learn from. Default 40,000. */
  readonly scenes?: number;
  /** Id of the agent whose encoder it is, or a module of your own that exports one. Default "ppo-cnn-lstm". */
  readonly agent?: string;
  /** Seed of everything random. Default 1. */
  readonly seed?: number;
  /** What runs the network. Default "native". */
  readonly engine?: EngineName;
  /** Overrides by name alone: the agent's setting "encoder", or keys of the environment's config. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** Called, and awaited, with the share of the updates that is done, 0 to 1. */
  readonly onProgress?: (share: number) => Promise<void>;
}

/** The encoder's file, and how well the encoder finds things on scenes that it was not trained on. */
export interface EncoderOutcome {
  readonly env: string;
  /** Kind of the encoder: "patch" or "nature". */
  readonly encoder: string;
  readonly scenes: number;
  readonly seconds: number;
  readonly secondsPerThousand: number;
  /** Scenes that it was measured on. */
  readonly heldOut: number;
  readonly errors: readonly PretrainingError[];
  readonly file: string;
}

/**
 * Train the image encoder of an agent on scenes of an environment and write it to `out`; `createRun` takes it as `encoder`.
 *
 * @throws UsageError where the agent reads no images, or an environment, agent or setting is unknown.
 * @example
 * const { file, errors } = await createEncoder({ env: "PickPlace-v1", out: "eyes.encoder" });
 */
export async function createEncoder(options: CreateEncoderOptions): Promise<EncoderOutcome> {
  const { out, scenes = 40_000, seed = 1, engine = "native", onProgress } = options;
  const env = (await locateEnv(options.env)).thing;
  const agent = (await locateAgent(options.agent ?? "ppo-cnn-lstm")).thing;
  if (!agent.readsImages)
    throw new UsageError(
      `Agent "${agent.id}" reads no images: it has no encoder to train. Leave ${optionText("agent")} out.`,
    );
  const [settings, envConfig] = sortOverrides(
    options.overrides ?? {},
    { name: agent.id, keys: ["encoder"] },
    { name: env.id, keys: Object.keys(env.defaults) },
  );
  const { encoder: kind = "patch" } = resolveSettings(agent, env.id, settings);
  const begin = performance.now();
  const { encoder, heldOut, errors } = await pretrainEncoder({
    env,
    envConfig,
    encoder: kind,
    scenes,
    seed,
    engine,
    ...(onProgress ? { onProgress } : {}),
  });
  const seconds = (performance.now() - begin) / 1000;
  await writeEncoder(out, encoder);
  return {
    env: env.id,
    encoder: encoder.kind,
    scenes,
    seconds,
    secondsPerThousand: (1000 * seconds) / scenes,
    heldOut,
    errors,
    file: out,
  };
}
