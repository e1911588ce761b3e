// What a client is given of an environment's observation, under Gymnasium's names, and when it can be goal-conditioned.
import type { Env, EnvInfo } from "../env/env.js";
import type { Observation, ObservationEntry } from "../env/observation.js";
import { sizeOf } from "../math/shape.js";
import { UsageError } from "../math/usage-error.js";
import type { Box } from "../spaces/space.js";

/** A part of the observation as it is sent. */
export interface ServedPart {
  /** Gymnasium's name; "privileged" belongs into the client's `info`. */
  readonly name: "observation" | "achieved_goal" | "desired_goal" | "privileged" | "image";
  readonly key: keyof Observation;
  readonly dtype: Box["dtype"];
  readonly shape: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Places in the environment's own array, where not all of them are sent. */
  readonly kept?: readonly number[];
  /** Names of its numbers, where they have any. */
  readonly entries?: readonly string[];
  /** Of one environment, in bytes. */
  readonly bytes: number;
}

/**
 * List the parts that a client of `env` is given, in the order in which they are sent; pictures last.
 *
 * With `goal` that is what goal-conditioned learning with relabelled goals needs: the achieved and the desired goal beside an
 * observation without the entries that depend on the goal, which would contradict another one. Throws a UsageError where
 * goals cannot be relabelled.
 */
export function servedParts(env: Env, goal: boolean): readonly ServedPart[] {
  const { spec, observationSpace } = env;
  if (goal) requireRelabelling(env);
  const boxes = observationSpace.spaces as Readonly<Record<keyof Observation, Box>>;
  const kept = goal ? spec.observation.filter(({ dependsOnGoal }) => !dependsOnGoal) : spec.observation;
  const goals = goal
    ? [part("achieved_goal", "achievedGoal", boxes), part("desired_goal", "desiredGoal", boxes)]
    : [];
  return [
    {
      ...part("observation", "state", boxes, kept),
      ...(goal ? { kept: kept.map(({ index }) => index) } : {}),
    },
    ...goals,
    ...(spec.privileged ? [part("privileged", "privileged", boxes, spec.privileged)] : []),
    ...(spec.image ? [part("image", "image", boxes)] : []),
  ];
}

function part(
  name: ServedPart["name"],
  key: keyof Observation,
  boxes: Readonly<Record<keyof Observation, Box>>,
  entries?: readonly ObservationEntry[],
): ServedPart {
  const { dtype, ...box } = boxes[key];
  const shape = entries ? [entries.length] : box.shape;
  // all values of a picture have the same bounds
  const pick = (all: readonly number[]) =>
    dtype === "uint8" ? [all[0]!] : entries ? entries.map(({ index }) => all[index]!) : all;
  const names = entries ? { entries: entries.map((entry) => entry.name) } : {};
  const bytes = sizeOf(shape) * (dtype === "uint8" ? 1 : 4);
  return { name, key, dtype, shape, low: pick(box.low), high: pick(box.high), ...names, bytes };
}

/** Throw a UsageError where the reward and the observation of a relabelled goal cannot be known. */
function requireRelabelling({ id, spec, computeReward }: Env): void {
  const refuse = (why: string) => new UsageError(`${id} cannot be goal-conditioned: ${why}`);
  if (!spec.goal) throw refuse("it has no goal.");
  if (!computeReward) throw refuse("the policy must remember the goal, or success is more than reaching it.");
  if (spec.rewardMode !== "sparse")
    throw refuse(
      `rewardMode is "${spec.rewardMode}", and the reward of another goal is known only where it is "sparse". Leave rewardMode out.`,
    );
  const unmarked = spec.observation.find(
    ({ name, dependsOnGoal }) => name.startsWith("goal_") && !dependsOnGoal,
  );
  if (unmarked)
    throw refuse(
      `its observation entry "${unmarked.name}" is named after the goal and not marked as depending on it. Mark it by ofGoal(...), or name it otherwise.`,
    );
  const shown = cameraThatShowsGoal(spec);
  if (shown !== undefined)
    throw refuse(
      `its camera "${shown}" shows the goal. Hide it, for example cameras=[{"name": "${shown}", "goalMarker": "hidden"}].`,
    );
}

function cameraThatShowsGoal({ image }: EnvInfo): string | undefined {
  return image?.cameras.find(({ goalMarker, goalFootprint }) => goalMarker !== "hidden" || goalFootprint)
    ?.name;
}
