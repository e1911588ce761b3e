// Demonstrations in the formats of other programs: LeRobot, robomimic, Minari.
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Env, EnvFactory } from "../env/env.js";
import { environmentEntries } from "../episodes/environment-entries.js";
import { recordedPictures } from "../episodes/recorded-pictures.js";
import { UsageError } from "../math/usage-error.js";
import { writeLeRobot } from "../recording/lerobot-write.js";
import { minariLayout } from "../recording/minari.js";
import { type EpisodeRecording, joinEpisodes } from "../recording/recording.js";
import { robomimicLayout } from "../recording/robomimic.js";
import { atomicWrite } from "../runs/atomic-write.js";
import { loadHdf5, writeHdf5 } from "../runs/hdf5-file.js";
import type { Box } from "../spaces/space.js";

/** Where data sets are to be written, by format. */
export interface DatasetTargets {
  /** Folder of a LeRobot data set; new or empty. */
  readonly lerobot?: string;
  /** File in robomimic's layout, .hdf5. */
  readonly robomimic?: string;
  /** Folder of a Minari data set, whose name ends in -v0 or another version; new or empty. */
  readonly minari?: string;
}

/** What is written: episodes of one environment. */
export interface DatasetContent {
  readonly factory: EnvFactory;
  readonly env: Env;
  readonly episodes: readonly EpisodeRecording[];
}

type Hdf5 = Awaited<ReturnType<typeof loadHdf5>>;

/** Check all targets before anything is recorded, and load what writes them. */
export async function prepareDatasets(targets: DatasetTargets): Promise<Hdf5 | undefined> {
  const { lerobot, robomimic, minari } = targets;
  requireEmpty("lerobot", lerobot);
  requireEmpty("minari", minari);
  if (robomimic !== undefined && !robomimic.endsWith(".hdf5"))
    throw new UsageError(
      `--robomimic ${robomimic} does not end in .hdf5. For example: --robomimic demos.hdf5`,
    );
  if (minari !== undefined && !/^[\w-]+-v\d+$/.test(basename(resolve(minari))))
    throw new UsageError(
      `--minari ${minari} is no id of Minari's, which ends in a version. For example: --minari pickplace-expert-v0`,
    );
  if (robomimic !== undefined) return loadHdf5("robomimic");
  return minari === undefined ? undefined : loadHdf5("minari");
}

/** Write the episodes into all targets. */
export function writeDatasets(
  { lerobot, robomimic, minari }: DatasetTargets,
  content: DatasetContent,
  hdf5: Hdf5 | undefined,
): void {
  const { factory, env, episodes } = content;
  const joined = joinEpisodes(episodes);
  // each from its own recording: sizes and looks differ from episode to episode
  const picturesOf = (episode: number) => recordedPictures(episodes[episode]!);
  if (lerobot !== undefined) {
    const task = factory.description;
    const files = writeLeRobot(joined, {
      task,
      environmentEntries: environmentEntries(factory, env.spec),
      picturesOf,
    });
    for (const [path, bytes] of files) atomicWrite(join(lerobot, path), bytes, { option: "lerobot" });
  }
  if (robomimic !== undefined) {
    const groups = env.spec.observation.map(({ group }) => group);
    writeHdf5(hdf5!, robomimic, robomimicLayout(joined, groups, picturesOf), "robomimic");
  }
  if (minari !== undefined) writeMinari(hdf5!, resolve(minari), joined, content);
}

function writeMinari(
  hdf5: Hdf5,
  folder: string,
  joined: EpisodeRecording,
  { factory, env, episodes }: DatasetContent,
): void {
  const { state, image } = env.observationSpace.spaces as Readonly<Record<string, Box>>;
  const keywords = keywordsOf(factory, joined);
  const { data, metadata } = minariLayout(joined, {
    id: basename(folder),
    description: factory.description,
    spaces: { observation: state!, ...(image ? { image } : {}), action: env.actionSpace },
    ...(keywords ? { keywords } : {}),
    picturesOf: (episode) => recordedPictures(episodes[episode]!),
  });
  const file = join(folder, "data", "main_data.hdf5");
  writeHdf5(hdf5, file, data, "minari");
  // Minari's unit is a million bytes
  const size = Math.round(statSync(file).size / 1e5) / 10;
  const text = JSON.stringify({ ...metadata, dataset_size: size }, null, 2);
  atomicWrite(join(folder, "data", "metadata.json"), `${text}\n`, { option: "minari" });
}

/** Settings that differ from the defaults, as keywords in Python; undefined where one is a robot of the user's own. */
function keywordsOf(
  { defaults }: EnvFactory,
  { header }: EpisodeRecording,
): Readonly<Record<string, unknown>> | undefined {
  const usual = defaults as Readonly<Record<string, unknown>>;
  const changed = Object.entries(header.config ?? {}).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name]),
  );
  const keywords = Object.fromEntries(changed);
  return typeof (keywords.robot ?? "") === "string" ? keywords : undefined;
}

function requireEmpty(option: string, folder: string | undefined): void {
  if (folder !== undefined && existsSync(folder) && readdirSync(folder).length > 0)
    throw new UsageError(`The folder ${folder} is not empty. Give --${option} a new one.`);
}
