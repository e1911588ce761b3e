// Everything that the golden tests of recordings call of the library; a change of its API touches this file alone.
import { decode } from "fast-png";
import { parquetReadObjects } from "hyparquet";
import { agents, expertPolicy, experts } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import { loadEngine } from "../../src/compile/engines/load-engine.js";
import { recordDemonstration } from "../../src/episodes/demonstrate.js";
import { recordEpisode } from "../../src/episodes/record-episode.js";
import { recordedPictures } from "../../src/episodes/recorded-pictures.js";
import { createRandom } from "../../src/math/random.js";
import { RunningStatistics } from "../../src/math/running-statistics.js";
import { initializeParameters } from "../../src/nn/parameters.js";
import { writeLeRobot } from "../../src/recording/lerobot-write.js";
import { readRecording } from "../../src/recording/mcap-read.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import { type EpisodeRecording, joinEpisodes } from "../../src/recording/recording.js";
import { type Hdf5Group, robomimicLayout } from "../../src/recording/robomimic.js";
import { policyFor } from "../../src/rl/policy.js";
import { policyRunner, policyWeights } from "../../src/rl/policy-model.js";
import type { Hashable, Parts } from "./golden.js";
import type { EnvId } from "./play.js";

const SIGHT = {
  observationMode: "camera" as const,
  visualRandomization: "default" as const,
  cameras: [
    { name: "front", width: 32, height: 24 },
    { name: "wrist", width: 32, height: 24 },
  ],
};

/** Record two episodes of the expert's as one recording; `seen` by cameras or not. */
export function recordExpert(id: EnvId, seed: number, seen: boolean) {
  const env = envs[id].create(seen ? SIGHT : { randomization: "default" });
  const actor = expertPolicy(experts[id], env.spec);
  const episodes = [0, 1].map((k) =>
    recordDemonstration(env, actor, 10 * seed + k, { agent: "expert", noise: 0.1 }),
  );
  return { env, episodes, joined: joinEpisodes(episodes) };
}

/** Record an episode of an untrained policy whose actions are large. */
export async function recordPolicy(
  id: EnvId,
  agentId: keyof typeof agents,
  { seed, engine }: { readonly seed: number; readonly engine: string },
): Promise<EpisodeRecording> {
  const [env, agent] = [envs[id].create(), agents[agentId]];
  const policy = policyFor(agent, env.spec, { ...agent.settings, hiddenSize: 16 });
  const random = createRandom(`golden/${seed}`);
  const parameters = initializeParameters(policy.layout, random).map(
    (value) => value + 0.1 * random.normal(),
  );
  const runner = await policyRunner(policy, await loadEngine(engine, () => {}));
  const statistics = new RunningStatistics(policy.observationSize).state();
  runner.load(policyWeights({ parameters, statistics }));
  const source = { agent: agentId, policySteps: 0, gamma: 0.95, gaeLambda: 0.9, rewardScale: 0.25 };
  const recording = await recordEpisode(env, runner, seed, source);
  await runner.dispose();
  return recording;
}

/** A recording as a file, and as it is read again. */
export async function fileParts(recording: EpisodeRecording): Promise<Parts> {
  const file = await writeRecording(recording);
  const { header, frames } = readRecording(file, "golden.mcap");
  return { file, header: header as unknown as Hashable, frames: frames as unknown as Hashable };
}

/** A recording as LeRobot's tables and as robomimic's, with pictures where there are any. */
export async function tableParts({ env, episodes, joined }: ReturnType<typeof recordExpert>): Promise<Parts> {
  const picturesOf = (episode: number) => recordedPictures(episodes[episode]!);
  const files = [...writeLeRobot(joined, { task: "golden", picturesOf })].map(async ([path, bytes]) => [
    path,
    path.endsWith(".parquet") ? await rowsOf(bytes) : new TextDecoder().decode(bytes),
  ]);
  const groups = env.spec.observation.map(({ group }) => group);
  return {
    lerobot: await Promise.all(files),
    robomimic: plainGroup(robomimicLayout(joined, groups, picturesOf)),
  };
}

async function rowsOf(bytes: Uint8Array): Promise<Hashable> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const rows = await parquetReadObjects({ file, utf8: false });
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, withoutFormat(cell)])),
  );
}

/** A cell without how a picture is packed. */
function withoutFormat(cell: unknown): Hashable {
  const { bytes, path } = (cell ?? {}) as { readonly bytes?: Uint8Array; readonly path?: Hashable };
  if (!(bytes instanceof Uint8Array)) return cell as Hashable;
  const { width, height, channels, data } = decode(bytes);
  return { width, height, channels, data, path };
}

function plainGroup({ attributes, groups, datasets }: Hdf5Group): Hashable {
  return {
    attributes: attributes as Hashable,
    datasets: datasets as unknown as Hashable,
    groups: Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, plainGroup(group)])),
  };
}
