// Random actions in every environment, on every robot, in every control mode, with everything randomised that can be.
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { envs } from "../../../envs/index.js";
import type { Env, EnvFactory } from "../../../src/env/env.js";
import { createRandom, type Random } from "../../../src/math/random.js";
import { UsageError } from "../../../src/math/usage-error.js";
import { CONTROL_MODES } from "../../../src/robots/control/controller.js";
import { robots } from "../../../src/robots/models/robots.js";
import { POSE_SIZE } from "../../../src/scene/scene.js";
import { runLane, tell } from "./lanes.js";

/** What the steps of one combination came to. */
interface StepCounts {
  readonly title: string;
  readonly steps: number;
  readonly nonFinite: number;
  /** Deepest penetration of a contact, m; 0 where all were within the millimetre from which environments tell it. */
  readonly deepest: number;
  /** Greatest mean speed of an object over a control step, m/s. */
  readonly fastest: number;
  /** Objects that ended an episode below the table's top or farther than 3 m away. */
  readonly lost: number;
  /** Set where the combination is refused: why. */
  readonly refused?: string;
}

/** The sum of all combinations. */
export interface StepTotals extends Omit<StepCounts, "title" | "refused"> {
  readonly combinations: number;
  readonly refused: readonly string[];
  readonly deepestIn: string;
  readonly fastestIn: string;
}

/** An object whose centre is lower than this has gone through the table, m. */
const BELOW = -0.005;
const FAR = 3;

/** Step every combination `stepsEach` times, shared among the machine's cores; `seed` decides all actions. */
export async function randomSteps(stepsEach: number, seed: number): Promise<StepTotals> {
  const lanes = availableParallelism();
  const counts: StepCounts[] = [];
  const ends = await Promise.all(
    Array.from({ length: lanes }, (_, lane) =>
      runLane(import.meta.url, [lane, lanes, stepsEach, seed].map(String), (line) =>
        counts.push(line as StepCounts),
      ),
    ),
  );
  const failed = ends.find((end) => end !== 0);
  if (failed !== undefined) throw new Error(`a process that steps environments ended with ${failed}`);
  const tried = counts.filter(({ refused }) => refused === undefined);
  const worst = (value: (count: StepCounts) => number) =>
    tried.reduce((worst, count) => (value(count) > value(worst) ? count : worst));
  const sum = (value: (count: StepCounts) => number) =>
    tried.reduce((total, count) => total + value(count), 0);
  const [deepest, fastest] = [worst((count) => count.deepest), worst((count) => count.fastest)];
  return {
    combinations: tried.length,
    refused: counts.flatMap(({ title, refused }) => (refused === undefined ? [] : [`${title}: ${refused}`])),
    steps: sum(({ steps }) => steps),
    nonFinite: sum(({ nonFinite }) => nonFinite),
    lost: sum(({ lost }) => lost),
    deepest: deepest.deepest,
    deepestIn: deepest.title,
    fastest: fastest.fastest,
    fastestIn: fastest.title,
  };
}

/** All combinations, with those of one environment apart, so that lanes get a mixture. */
function combinations(): { id: string; robot: string; controlMode: string }[] {
  return Object.keys(robots).flatMap((robot) =>
    CONTROL_MODES.flatMap((controlMode) => Object.keys(envs).map((id) => ({ id, robot, controlMode }))),
  );
}

function stepOne(
  { id, robot, controlMode }: { id: string; robot: string; controlMode: string },
  steps: number,
  seed: number,
): StepCounts {
  const title = `${id}, ${robot}, ${controlMode}`;
  const counts = { title, steps: 0, nonFinite: 0, deepest: 0, fastest: 0, lost: 0 };
  const factory = (envs as Readonly<Record<string, EnvFactory>>)[id]!;
  let env: Env;
  try {
    env = factory.create({ robot, controlMode, randomization: "default" });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { ...counts, refused: error.message };
  }
  const random = createRandom(`random-steps/${seed}/${title}`);
  const objects = env
    .scene()
    .entities.flatMap(({ kind }, index) => (kind === "object" ? [index * POSE_SIZE] : []));
  const poses = new Float64Array(env.scene().entities.length * POSE_SIZE);
  const before = new Float64Array(poses.length);
  while (counts.steps < steps) {
    env.reset({ seed: `${seed}/${counts.steps}` });
    env.poses(before);
    const act = player(random, env.spec.action.length);
    for (let done = false; !done; ) {
      const { terminated, truncated, info } = env.step(act());
      counts.steps++;
      if (info.nonFinite !== undefined) counts.nonFinite++;
      counts.deepest = Math.max(counts.deepest, info.deepestPenetration ?? 0);
      env.poses(poses);
      for (const o of objects) {
        const moved = Math.hypot(
          poses[o]! - before[o]!,
          poses[o + 1]! - before[o + 1]!,
          poses[o + 2]! - before[o + 2]!,
        );
        counts.fastest = Math.max(counts.fastest, moved * env.spec.controlRate);
      }
      before.set(poses);
      done = terminated || truncated;
    }
    for (const o of objects) {
      if (poses[o + 2]! < BELOW || !(Math.hypot(poses[o]!, poses[o + 1]!) < FAR)) counts.lost++;
    }
  }
  return counts;
}

/** Ways of acting: noise anew each step, one extreme for a while as somebody who pushes hard, small steps. */
function player(random: Random, size: number): () => Float32Array {
  const action = new Float32Array(size);
  const style = Math.floor(random.uniform(0, 3));
  let left = 0;
  return () => {
    if (style === 1 && left-- > 0) return action;
    left = Math.floor(random.uniform(3, 20));
    for (let k = 0; k < size; k++) {
      const value = random.uniform(-1, 1);
      action[k] = style === 0 ? value : style === 1 ? Math.sign(value) : 0.2 * value;
    }
    return action;
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [lane, lanes, stepsEach, seed] = process.argv.slice(2).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  for (const [index, combination] of combinations().entries())
    if (index % lanes === lane) tell(stepOne(combination, stepsEach, seed));
}
