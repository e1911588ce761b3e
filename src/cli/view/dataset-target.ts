// A LeRobot data set as what is to be viewed: each episode becomes a recording when it is asked for.
import { statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { openLeRobot } from "../../recording/lerobot-read.js";
import { listDatasetEpisodes } from "../../runs/dataset-episodes.js";
import { datasetFolder } from "../../runs/dataset-folder.js";
import { unseenCameras } from "../../runs/dataset-recording.js";
import type { ViewTarget } from "./view-target.js";

/** A data set to view. */
export interface DatasetTarget extends ViewTarget {
  /** The episode to open. */
  readonly episode?: string;
  /** What of it cannot be shown, in sentences. */
  readonly notices: readonly string[];
}

/**
 * Read what the data set in `path` holds; recordings are made in the folder `recordings`.
 *
 * Throws a UsageError where it is none, or damaged.
 */
export async function datasetTarget(path: string, recordings: string): Promise<DatasetTarget> {
  const dataset = await openLeRobot(datasetFolder(path));
  const episodes = await listDatasetEpisodes(dataset);
  const name = basename(path);
  const created = statSync(path).mtimeMs;
  return {
    runs: dirname(path),
    loose: name,
    dataset: { listing: { run: name, created, config: null, evaluation: null, episodes }, recordings },
    ...(episodes[0] ? { episode: episodes[0].name } : {}),
    notices: unseenCameras(dataset),
  };
}
