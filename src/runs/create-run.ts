// Make a run from code.
import { locateRobot, robotSetting } from "./locate-robot.js";
import { Run } from "./run.js";
import { type CreateRunOptions, createRunFolder } from "./training-request.js";

/**
 * Check everything that is asked for, make the run's folder and return the run; `train()` trains it.
 *
 * @throws UsageError that names what cannot be: an unknown environment, agent or setting, a value out of its range, what does not
 * fit together; nothing is written then.
 * @example
 * const run = await createRun({ env: "Reach-v1", settings: { totalSteps: 25_000 } });
 * const outcome = await run.train();
 * console.log(outcome?.successRate, run.path);
 */
export async function createRun({ robot, say, ...options }: CreateRunOptions): Promise<Run> {
  const own =
    robot === undefined
      ? undefined
      : typeof robot === "string"
        ? await locateRobot(robot)
        : robotSetting(robot);
  const envConfig = { ...options.envConfig, ...(own === undefined ? {} : { robot: own }) };
  const folder = await createRunFolder({ ...options, envConfig }, say);
  return new Run(folder, say);
}
