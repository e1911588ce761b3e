// Spaces of Gymnasium as entries of observations and actions; what an agent of armgym cannot take is refused by name.
import { z } from "zod";
import type { ObservationEntry } from "../env/observation.js";
import { sizeOf } from "../math/shape.js";
import { UsageError } from "../math/usage-error.js";
import type { ActionEntry } from "../spaces/action-entry.js";

const bound = z.number().nullable();

/** A space as gymnasium_process.py describes it; a bound is null where there is none. */
export const spaceSchema = z.object({
  type: z.string(),
  text: z.string(),
  dtype: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  low: z.array(bound),
  high: z.array(bound),
});
type Space = z.infer<typeof spaceSchema>;

/** A space of an observation with its way there through dictionaries; none for an observation that is no dictionary. */
export const partSchema = spaceSchema.extend({ path: z.array(z.string()) });
type Part = z.infer<typeof partSchema>;

/** Where the numbers of a goal stand in the observation. */
export interface GoalPlaces {
  readonly achieved: number;
  readonly desired: number;
  readonly size: number;
}

/** Greatest float32: stands for a bound where there is none. */
const UNBOUNDED = 3.4028234663852886e38;
const NUMBERS = /^(float|int|uint)\d+$/;

/**
 * List the numbers of an observation in the order of its spaces: "observation_0", "achieved_goal_0", "sensors.force_2".
 *
 * Throws a UsageError that names the environment and the space for what is no box of numbers.
 */
export function observationEntries(env: string, parts: readonly Part[]): ObservationEntry[] {
  const entries = parts.flatMap((part) => entriesOf(env, part));
  if (entries.length === 0)
    throw new UsageError(`${env}: its observation space holds no numbers, expected at least one.`);
  return entries.map((entry, index) => ({ index, ...entry }));
}

function entriesOf(env: string, part: Part): Omit<ObservationEntry, "index">[] {
  const group = part.path.join(".") || "observation";
  const named = part.path.length > 0 ? ` "${group}"` : "";
  requireNumbers(env, part, `its observation space${named}`);
  return part.low.map((low, k) => ({
    group,
    name: `${group}_${k}`,
    unit: "1",
    low: finite(low, -UNBOUNDED),
    high: finite(part.high[k]!, UNBOUNDED),
    ...(group === "desired_goal" ? { dependsOnGoal: true } : {}),
  }));
}

function requireNumbers(env: string, space: Space, which: string): void {
  const { type, text, dtype, shape, low, high } = space;
  if (type !== "Box")
    throw new UsageError(
      `${env}: ${which} is ${text}. armgym's agents read numbers: boxes, and dictionaries of boxes. ` +
        "Register the environment with a wrapper, for example gymnasium.wrappers.FlattenObservation.",
    );
  if (dtype === "uint8" && shape.length === 3)
    throw new UsageError(
      `${env}: ${which} is a picture (uint8, ${shape.join(" x ")}). armgym's pictures are those of its own cameras, whose place and field ` +
        "of view belong to them in recordings and exported policies. Leave pictures out of the observation, or train on them in Python.",
    );
  if (!NUMBERS.test(dtype))
    throw new UsageError(`${env}: ${which} is a box of ${dtype}, expected one of numbers.`);
  const size = sizeOf(shape);
  if (low.length !== size || high.length !== size)
    throw new UsageError(
      `${env}: ${which} is of ${size} numbers, and has ${low.length} lower bounds and ${high.length} upper ones.`,
    );
}

/** A finite bound in single precision; `otherwise` where there is none. */
function finite(value: number | null, otherwise: number): number {
  if (value === null) return otherwise;
  return Math.min(UNBOUNDED, Math.max(-UNBOUNDED, value));
}

/**
 * Say what the numbers of an action do: each runs from -1 to 1 for the bounds of the box.
 *
 * Throws a UsageError that names the environment for a space that is no box, and for bounds that cannot be scaled to.
 */
export function actionEntries(env: string, space: Space): ActionEntry[] {
  const { type, text, dtype, low, high } = space;
  if (type !== "Box")
    throw new UsageError(
      `${env}: its action space is ${text}. armgym's agents act by real numbers, drawn from a normal distribution within bounds: a Box. ` +
        "For other actions, train in Python.",
    );
  if (!/^float\d+$/.test(dtype) || low.length === 0)
    throw new UsageError(
      `${env}: its action space is ${text}, expected a Box with at least one number, of a floating-point type.`,
    );
  return low.map((least, k) => {
    const most = high[k]!;
    if (least === null || most === null || !(least < most))
      throw new UsageError(
        `${env}: entry ${k} of its action space runs from ${least ?? "-inf"} to ${most ?? "inf"}. armgym's agents act from -1 to 1, which is ` +
          "scaled to finite bounds, the lower one below the upper one. Register the environment with a wrapper, for example gymnasium.wrappers.RescaleAction.",
      );
    const [scale, offset] = [(most - least) / 2, (most + least) / 2];
    const meaning = `number ${k} of the action, from ${least} to ${most}`;
    return { name: `action_${k}`, unit: "1", low: -1, high: 1, meaning, scale, offset };
  });
}

/** Find achieved_goal and desired_goal among the parts of an observation; undefined where it has not both, of one size. */
export function goalPlaces(parts: readonly Part[]): GoalPlaces | undefined {
  const places = new Map<string, { readonly start: number; readonly size: number }>();
  let start = 0;
  for (const { path, shape } of parts) {
    const size = sizeOf(shape);
    places.set(path.join("."), { start, size });
    start += size;
  }
  const [achieved, desired] = [places.get("achieved_goal"), places.get("desired_goal")];
  if (!achieved || !desired || achieved.size !== desired.size || achieved.size === 0) return undefined;
  return { achieved: achieved.start, desired: desired.start, size: achieved.size };
}
