// Demonstrations from disk: a recording of our own, a LeRobot data set, or a file of robomimic.
import { existsSync, statSync } from "node:fs";
import type { EnvInfo } from "../env/env.js";
import { UsageError } from "../math/usage-error.js";
import { lerobotSource, lerobotSteps } from "../recording/lerobot-demonstrations.js";
import { openLeRobot } from "../recording/lerobot-read.js";
import { readRecording } from "../recording/mcap-read.js";
import { isDemonstrated, robomimicSource, robomimicSteps } from "../recording/robomimic-read.js";
import {
  type Demonstrations,
  demonstrationsFrom,
  demonstrationsOf,
  requireFittingSource,
} from "../rl/imitation/demonstrations.js";
import { demoCommand } from "./command-names.js";
import { datasetFolder } from "./dataset-folder.js";
import { loadHdf5, readHdf5 } from "./hdf5-file.js";
import { LARGEST, readWholeFile } from "./read-file.js";

/**
 * Load demonstrations of the environment with this spec from a recording (.mcap), the folder of a LeRobot data set, or a file
 * of robomimic (.hdf5).
 *
 * Throws a UsageError where there is nothing, where it is damaged, and where it is of another environment, robot or control mode.
 */
export async function loadDemonstrations(path: string, spec: EnvInfo): Promise<Demonstrations> {
  if (!existsSync(path))
    throw new UsageError(`There is no file ${path}. Record one: ${demoCommand(spec.id, path)}`);
  if (statSync(path).isDirectory()) return fromLeRobot(path, spec);
  if (/\.(hdf5|h5)$/.test(path)) return fromRobomimic(path, spec);
  return demonstrationsFrom(readRecording(readWholeFile(path, LARGEST.recording), path), path, spec);
}

async function fromLeRobot(path: string, spec: EnvInfo): Promise<Demonstrations> {
  const dataset = await openLeRobot(datasetFolder(path));
  const order = spec.observation.map(({ name }) => name);
  const source = lerobotSource(dataset, order);
  requireFittingSource(source, path, spec);
  return demonstrationsOf(source, await lerobotSteps(dataset, order), path, spec);
}

async function fromRobomimic(path: string, spec: EnvInfo): Promise<Demonstrations> {
  const library = await loadHdf5("demos");
  const { observation } = spec;
  const action = spec.action.map(({ name }) => name);
  const described = readHdf5(library, path, () => false);
  const source = robomimicSource(described, path, { observation, action });
  requireFittingSource(source, path, spec);
  const root = readHdf5(library, path, (name) => isDemonstrated(name, observation));
  return demonstrationsOf(source, robomimicSteps(root, path, observation), path, spec);
}
