// Episodes that a run records: by its policy, and what the NaN guard dropped.
import { loadEngine } from "../compile/engines/load-engine.js";
import type { EpisodeResult } from "../env/vec-env.js";
import { recordDump, recordEpisode } from "../episodes/record-episode.js";
import { recordedPictures } from "../episodes/recorded-pictures.js";
import { writeRecording } from "../recording/mcap-write.js";
import { type EpisodeRecording, summarizeRecording } from "../recording/recording.js";
import type { LiveEvent } from "../recording/run-events.js";
import { policyFor } from "../rl/policy.js";
import { policyRunner, policyWeights } from "../rl/policy-model.js";
import type { TrainedPolicy } from "../rl/training-state.js";
import type { RunFolder } from "./run-folder.js";
import { runInForce } from "./run-in-force.js";

/** An environment that breaks at every step would fill the disk: after these many dumps only a line is printed. */
const MAX_DUMPS = 20;

/** Keeps the last states of the episodes that the NaN guard dropped, and says so in a line per iteration. */
export class DumpKeeper {
  private readonly folder: RunFolder;
  private readonly say: (line: string) => void;
  private dropped = 0;

  constructor(folder: RunFolder, say: (line: string) => void) {
    this.folder = folder;
    this.say = say;
  }

  /** Look through the episodes of one iteration. */
  async keep(episodes: readonly EpisodeResult[], steps: number): Promise<void> {
    const broken = episodes.filter(({ dropped }) => dropped !== undefined);
    if (broken.length === 0) return;
    const { folder } = this;
    let first = "";
    for (const { seed, dropped } of broken) {
      if (++this.dropped > MAX_DUMPS) break;
      const { env, trainEnv } = await runInForce(folder);
      const source = { agent: folder.config.agent, policySteps: steps };
      const made = env.thing.create(trainEnv);
      const dump = recordDump(made, seed, dropped!.reason, dropped!.frames, source);
      const name = folder.saveEpisode(`dump-${steps}-seed-${seed}.mcap`, await writeRecording(dump));
      first ||= `${folder.path}/episodes/${name}`;
    }
    const what = broken.length === 1 ? "an episode" : `${broken.length} episodes`;
    const where = first ? ` Its last states: ${first}` : "";
    this.say(
      `Dropped ${what} at step ${steps}, training continues: ${broken[0]!.dropped!.reason} was not finite.${where}`,
    );
  }
}

/** Play the episode of each seed by `policy`; nothing is written. `played` is called after each with their number. */
export async function playRunEpisodes(
  folder: RunFolder,
  policy: TrainedPolicy,
  seeds: readonly number[],
  policySteps: number,
  played: (count: number) => void = () => {},
): Promise<EpisodeRecording[]> {
  const { config } = folder;
  const { env, agent, settings, envConfig, spec } = await runInForce(folder);
  const network = policyFor(agent.thing, spec, settings);
  const runner = await policyRunner(network, await loadEngine(config.engine, () => {}));
  runner.load(policyWeights(policy));
  const { gamma, gaeLambda, rewardScale } = settings;
  const source = { agent: config.agent, policySteps, gamma, gaeLambda, rewardScale };
  const recordings: EpisodeRecording[] = [];
  for (const seed of seeds) {
    recordings.push(await recordEpisode(env.thing.create(envConfig), runner, seed, source));
    played(recordings.length);
  }
  await runner.dispose();
  return recordings;
}

/** Record an episode of `policy` into the run's folder; returns it with its file's name. */
export async function recordRunEpisode(
  folder: RunFolder,
  policy: TrainedPolicy,
  seed: number,
  policySteps: number,
  broadcast?: (event: LiveEvent) => void,
): Promise<{ readonly name: string; readonly recording: EpisodeRecording }> {
  const [recording] = (await playRunEpisodes(folder, policy, [seed], policySteps)) as [EpisodeRecording];
  const name = folder.saveEpisode(
    `step-${String(policySteps).padStart(8, "0")}-seed-${seed}.mcap`,
    await writeRecording(recording, () => recordedPictures(recording)),
  );
  broadcast?.({ type: "episode", run: folder.path, name, ...summarizeRecording(recording) });
  return { name, recording };
}
