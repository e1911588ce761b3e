// The robot that an option names: one that comes with armgym, or one of the user's own module.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "../math/usage-error.js";
import { listModule } from "../rl/rollout/workers/load-module.js";
import { isRobotModel, requireValidRobot } from "../robots/import/require-valid-robot.js";
import type { RobotModel } from "../robots/models/robot-model.js";
import { importCommand } from "./command-names.js";
import { noteMeshFile } from "./mesh-files.js";

/**
 * Return the value of an environment's setting "robot": an id, or the data of a module's robot as JSON.
 *
 * The data itself goes into the run's config, so that workers, evaluation and export need the file no more.
 */
export async function locateRobot(name: string): Promise<string> {
  if (!/[./\\]/.test(name)) return name;
  const [file, id] = name.split("#") as [string, string | undefined];
  const path = resolve(file);
  if (!existsSync(path)) {
    throw new UsageError(`There is no file ${file}. Give a robot's name or a module that exports one.`);
  }
  if (/\.(urdf|xml)$/i.test(file)) {
    throw new UsageError(`${file} is no module. Turn it into one first: ${importCommand(file)}`);
  }
  const found = await listModule(pathToFileURL(path).href, isRobotModel);
  noteMeshFile(path);
  const chosen = id === undefined ? found[0] : found.find((robot) => robot.id === id);
  if (chosen && (id !== undefined || found.length === 1)) return robotSetting(chosen);
  if (found.length === 0) throw new UsageError(`${file} exports no robot. Export robot data (RobotModel).`);
  const ids = found.map((robot) => robot.id);
  throw new UsageError(`${file} exports ${ids.join(", ")}. Choose one, for example ${file}#${ids[0]}.`);
}

/** Return the value of an environment's setting "robot" for a robot's data; throws a UsageError where the data cannot be a robot. */
export function robotSetting(robot: RobotModel): string {
  requireValidRobot(robot);
  return JSON.stringify(robot);
}
