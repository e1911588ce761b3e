// Is a robot fit for tasks? It is tried at standing, moving and lifting, and the scripted experts solve two tasks with it.
import { expertPolicy, experts } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import { judged, type RobotCheckItem, skipped } from "../cell/robot-check/robot-check-item.js";
import { tryRobot } from "../cell/robot-check/try-robot.js";
import { playEpisode } from "../episodes/demonstrate.js";
import { UsageError } from "../math/usage-error.js";
import type { RobotModel } from "../robots/models/robot-model.js";
import { findRobot } from "../robots/models/robots.js";
import { robotSetting } from "./locate-robot.js";

/** All that a robot was tried at. */
export interface RobotReport {
  /** Id of the robot. */
  readonly robot: string;
  /** Full name of the robot. */
  readonly title: string;
  /** True where nothing failed. */
  readonly passed: boolean;
  /** In the order in which they were tried. */
  readonly items: readonly RobotCheckItem[];
}

/** Tasks that the scripted experts must solve. */
const TASKS = ["Reach-v1", "PickPlace-v1"] as const;
const EPISODES = 20;
const LEAST_SOLVED = 18;

/** What to change where an expert does not solve its task. */
const ADVICE: Readonly<Record<(typeof TASKS)[number], string>> = {
  "Reach-v1":
    "Set a smaller task region, or stiffer joints: the tool does not get to goals of the region in 2.5 s.",
  "PickPlace-v1":
    "Put the tool's frame in the middle of the pads, or set a smaller task region: the expert loses the cube or does not get to it.",
};

/**
 * Try `robot` (its id or its data) at what tasks ask of one: reaching its region, holding gravity, keeping its links apart,
 * standing still for 5 s (0.5 mm), following a square of 10 cm (5 mm), lifting a block of 4 cm, 5000 random steps, and the scripted
 * experts of Reach-v1 and PickPlace-v1, which are to solve 18 of 20 episodes. It takes a few seconds; the same robot always gives the same report.
 * `onProgress` is told what comes next.
 *
 * @throws UsageError where there is no such robot, or its data is damaged.
 * @example
 * const { passed, items } = checkRobot("ur5e");
 */
export function checkRobot(
  robot: string | RobotModel,
  onProgress: (what: string) => void = () => {},
): RobotReport {
  const model = typeof robot === "string" ? findRobot(robot) : robot;
  const setting = robotSetting(model);
  onProgress("standing, moving and lifting");
  const items = [...tryRobot(model)];
  for (const task of TASKS) {
    onProgress(task);
    items.push(checkTask(task, setting, model));
  }
  return {
    robot: model.id,
    title: model.title,
    passed: items.every(({ status }) => status !== "fail"),
    items,
  };
}

function checkTask(task: (typeof TASKS)[number], robot: string, model: RobotModel): RobotCheckItem {
  const name = `its expert solves ${task}`;
  if (task === "PickPlace-v1" && !model.gripper) return skipped(name, "it has no gripper");
  try {
    const env = envs[task].create({ robot });
    const actor = expertPolicy(experts[task], env.spec);
    let solved = 0;
    for (let seed = 0; seed < EPISODES; seed++) if (playEpisode(env, actor, seed).success) solved++;
    const measured = `${solved} of ${EPISODES} episodes (at least ${LEAST_SOLVED})`;
    const value = solved / EPISODES;
    return { ...judged(name, solved >= LEAST_SOLVED, measured, ADVICE[task]), value };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return judged(name, false, "the task refuses the robot", error.message);
  }
}
