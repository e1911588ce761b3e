// Episodes of a LeRobot data set: their list, and each as a recording, so that the viewer shows them.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { envs } from "../../envs/index.js";
import type { EnvFactory } from "../env/env.js";
import { recordActions } from "../episodes/record-actions.js";
import { UsageError } from "../math/usage-error.js";
import type { DatasetOrigin } from "../recording/dataset-origin.js";
import { numbersOf, stateFeatures } from "../recording/lerobot-demonstrations.js";
import {
  type LeRobotDataset,
  type LeRobotRow,
  openLeRobot,
  readAllRows,
  readEpisodeRows,
} from "../recording/lerobot-read.js";
import { EXECUTED_ACTION } from "../recording/lerobot-write.js";
import { writeRecordingTo } from "../recording/mcap-write.js";
import type { EpisodeRecording } from "../recording/recording.js";
import { atomicWriteParts } from "./atomic-write.js";
import { datasetFolder } from "./dataset-folder.js";
import { ACTION, plainRecording, REWARD, SUCCESS, storedCameras } from "./dataset-recording.js";
import type { NamedEpisode } from "./episode-files.js";

/** What is observed may differ by this from what was recorded; beyond, it is another episode that was played. */
const ALLOWED = 1e-3;

/** List the episodes by the names of their recordings; outcomes are there where the data set tells rewards and success. */
export async function listDatasetEpisodes(dataset: LeRobotDataset): Promise<NamedEpisode[]> {
  const { features, episodes, fps } = dataset;
  const named = (episode: number) => ({ name: nameOf(episode), seed: seedOf(dataset, episode) });
  if (!features[REWARD] || !features[SUCCESS])
    return episodes.map(({ length }, episode) => ({ ...named(episode), length, imported: true }));
  const listed: NamedEpisode[] = [];
  for await (const rows of readAllRows(dataset, [REWARD, SUCCESS])) {
    const solved = rows.findIndex((row) => row[SUCCESS] === true);
    listed.push({
      ...named(listed.length),
      return: rows.reduce((sum, row) => sum + Number(row[REWARD]), 0),
      length: rows.length,
      success: rows.at(-1)?.[SUCCESS] === true,
      ...(solved < 0 ? {} : { successTime: (solved + 1) / fps }),
    });
  }
  return listed;
}

/** Return the number of the episode whose recording has this name; undefined where there is none. */
function episodeNumber({ episodes }: LeRobotDataset, name: string): number | undefined {
  const episode = Number(/^episode-(\d+)\.mcap$/.exec(name)?.[1]);
  return episode < episodes.length && nameOf(episode) === name ? episode : undefined;
}

/**
 * Return an episode as a recording. One that armgym wrote is played again by its seed and its executed actions, and so is
 * whole; of others there are observations, actions, rewards and pictures, but no scene.
 */
export async function datasetRecording(dataset: LeRobotDataset, episode: number): Promise<EpisodeRecording> {
  const numbers = [...stateFeatures(dataset), ACTION, EXECUTED_ACTION, REWARD, SUCCESS];
  const { origin } = dataset;
  const played =
    origin && playAgain(dataset, origin, episode, await readEpisodeRows(dataset, episode, numbers));
  if (played) return played;
  const rows = await readEpisodeRows(dataset, episode, [...numbers, ...storedCameras(dataset)]);
  return plainRecording(dataset, rows, { episode, seed: seedOf(dataset, episode) });
}

/** Undefined where the environment is not at hand, or makes another episode of it today. */
function playAgain(
  dataset: LeRobotDataset,
  { env, config, seeds, agent, noise, observationNames }: DatasetOrigin,
  episode: number,
  rows: readonly LeRobotRow[],
): EpisodeRecording | undefined {
  const factories: Readonly<Record<string, EnvFactory>> = envs;
  if (!config || !Object.hasOwn(factories, env) || !dataset.features[EXECUTED_ACTION]) return undefined;
  const steps = rows.map((row, k) => ({
    action: numbersOf(dataset, row, ACTION, k),
    executed: numbersOf(dataset, row, EXECUTED_ACTION, k),
  }));
  let recording: EpisodeRecording;
  try {
    recording = recordActions(factories[env]!.create(config), seeds[episode]!, steps, { agent, noise });
  } catch (error) {
    // settings and actions come from a file: what they cannot make is shown as it was recorded
    if (error instanceof UsageError) return undefined;
    throw error;
  }
  const states = stateFeatures(dataset);
  const places = states.flatMap((name) =>
    (dataset.features[name]!.names ?? []).map((entry) => observationNames.indexOf(entry)),
  );
  const isSame = rows.every((row, k) => {
    const seen = states.flatMap((name) => numbersOf(dataset, row, name, k));
    const again = recording.frames[k]?.observation;
    return places.every((place, entry) => Math.abs((again?.[place] ?? Number.NaN) - seen[entry]!) <= ALLOWED);
  });
  return isSame && recording.frames.length === rows.length + 1 ? recording : undefined;
}

/**
 * Return the file of the recording `name` of the data set in `path`, made in the folder `recordings` where it is not there yet;
 * undefined where there is no such episode.
 */
export async function makeRecording(
  path: string,
  name: string,
  recordings: string,
): Promise<string | undefined> {
  const dataset = await openLeRobot(datasetFolder(path));
  const episode = episodeNumber(dataset, name);
  if (episode === undefined) return undefined;
  const file = join(recordings, name);
  if (existsSync(file)) return file;
  const recording = await datasetRecording(dataset, episode);
  await atomicWriteParts(file, (write) => writeRecordingTo(recording, write));
  return file;
}

function nameOf(episode: number): string {
  return `episode-${String(episode).padStart(6, "0")}.mcap`;
}

function seedOf({ origin }: LeRobotDataset, episode: number): string {
  return origin?.seeds[episode] ?? String(episode);
}
