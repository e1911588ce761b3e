// Makes environments of Python's Gymnasium: asks Python once what they are like, for each choice of keywords.
import { z } from "zod";
import type { Env, EnvFactory, EnvInfo } from "../env/env.js";
import { boxOf } from "../env/env-info.js";
import { mergeConfig } from "../env/settings/merge-config.js";
import { deepFreeze, frozenCopy } from "../env/settings/plain-data.js";
import { UsageError } from "../math/usage-error.js";
import { type Dict, dict } from "../spaces/space.js";
import { GymnasiumEnv, type GymnasiumKind } from "./gymnasium-env.js";
import { parseGymnasiumName } from "./gymnasium-id.js";
import {
  actionEntries,
  type GoalPlaces,
  goalPlaces,
  observationEntries,
  partSchema,
  spaceSchema,
} from "./gymnasium-spaces.js";
import { type Asked, explainPythonError } from "./python-complaint.js";
import { jsonRequest, OPERATIONS, type PythonProcess, parseReply, pythonProcess } from "./python-process.js";

/** Settings of an environment of Gymnasium. */
export interface GymnasiumConfig {
  /** Keywords of `gymnasium.make`, as JSON: those of the environment, and max_episode_steps. */
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/** Makes environments of Gymnasium. */
export interface GymnasiumFactory extends EnvFactory<GymnasiumConfig> {
  /** Versions of Python, gymnasium, numpy, and of the packages that the environment and its physics are from. */
  versions(config?: Readonly<Record<string, unknown>>): Readonly<Record<string, string>>;
}

/** How the environments are made. */
export interface GymnasiumOptions {
  /** Interpreter that has gymnasium: a path, or a name in PATH. Default: the environment variable PYTHON, else "python3". */
  readonly python?: string;
}

const descriptionSchema = z.object({
  number: z.number().int().nonnegative(),
  observation: z.array(partSchema),
  action: spaceSchema,
  maxEpisodeSteps: z.number().int().positive().nullable(),
  stepSeconds: z.number().positive().nullable(),
  goalThreshold: z.number().positive().nullable(),
  versions: z.record(z.string(), z.string()),
});
type Description = z.infer<typeof descriptionSchema>;
type Keywords = GymnasiumConfig["kwargs"];

/** Of this thread, by name, interpreter and keywords. */
const kinds = new Map<string, GymnasiumKind>();

/**
 * Return what makes the environment of Python's Gymnasium that `name` names: "gym:Reacher-v5", or "gym:panda_gym:PandaReachDense-v3",
 * where the Python module panda_gym is imported first. All that a thread makes run in one Python process, which ends with the thread.
 *
 * Boxes and dictionaries of boxes become the entries of the state, `info["is_success"]` is success, seeds below 2^31 stay what they are.
 *
 * @throws UsageError for a name of another form; `create` throws one where there is no Python, gymnasium, module or environment, for
 * spaces that armgym's agents cannot take, and where there is no time limit.
 * @example
 * const { observation } = gymnasiumEnv("gym:Reacher-v5").create().reset({ seed: 1 });
 */
export function gymnasiumEnv(
  name: string,
  { python = defaultPython() }: GymnasiumOptions = {},
): GymnasiumFactory {
  const asked: Asked = { name, ...parseGymnasiumName(name), python };
  const description = `The environment ${asked.id} of Python's Gymnasium.`;
  const defaults = deepFreeze<GymnasiumConfig>({ kwargs: {} });
  const kindOf = (config: object): GymnasiumKind => {
    const { kwargs } = mergeConfig(defaults, { ...config }, name);
    requireKeywords(name, kwargs);
    const key = JSON.stringify([name, python, kwargs]);
    const plain = JSON.parse(JSON.stringify(kwargs)) as Keywords;
    const kind = kinds.get(key) ?? describe(asked, description, plain);
    kinds.set(key, kind);
    return kind;
  };
  return {
    id: name,
    description,
    defaults,
    create: (config = {}): Env => new GymnasiumEnv(kindOf(config)),
    versions: (config = {}) => kindOf(config).versions,
  };
}

function defaultPython(): string {
  return process.env.PYTHON || "python3";
}

function requireKeywords(name: string, kwargs: unknown): void {
  if (typeof kwargs === "object" && kwargs !== null && !Array.isArray(kwargs)) return;
  throw new UsageError(
    `Setting "kwargs" of ${name} is ${JSON.stringify(kwargs)}, expected keywords of gymnasium.make by name, for example kwargs.max_episode_steps=200.`,
  );
}

/** Make one environment in Python, look at it, and let it go. */
function describe(asked: Asked, text: string, kwargs: Keywords): GymnasiumKind {
  const { process, description } = make(asked, kwargs);
  process.close(description.number);
  const goal = goalPlaces(description.observation);
  const spec = specOf(asked.name, text, description, kwargs, goal);
  return {
    asked,
    spec,
    observationSpace: observationSpaceOf(spec, goal),
    actionSpace: deepFreeze(boxOf(spec.action)),
    goal,
    versions: frozenCopy(description.versions),
    open() {
      const made = make(asked, kwargs);
      return { process: made.process, number: made.description.number };
    },
  };
}

function make(
  asked: Asked,
  kwargs: Keywords,
): { readonly process: PythonProcess; readonly description: Description } {
  const { name, id, module = null, python } = asked;
  const call = "gymnasium.make()";
  const process = pythonProcess(python, name);
  try {
    const request = jsonRequest({ id, module, kwargs });
    const reply = process.ask(OPERATIONS.open, request, `${name}: ${call}`);
    return { process, description: parseReply(reply, descriptionSchema, `${name}: ${call}`) };
  } catch (error) {
    throw explainPythonError(error, asked, call);
  }
}

function specOf(
  name: string,
  description: string,
  { observation, action, maxEpisodeSteps, stepSeconds, goalThreshold }: Description,
  kwargs: Keywords,
  goal: GoalPlaces | undefined,
): EnvInfo {
  if (maxEpisodeSteps === null)
    throw new UsageError(
      `${name} has no time limit: an episode might never end. Set one, in steps: kwargs.max_episode_steps=1000.`,
    );
  // one that does not say how long a step takes counts them as seconds
  const controlRate = 1 / (stepSeconds ?? 1);
  return frozenCopy({
    id: name,
    description,
    robot: "none",
    controlMode: "none",
    controlRate,
    physicsRate: controlRate,
    maxEpisodeSteps,
    observation: observationEntries(name, observation),
    action: actionEntries(name, action),
    rewardMode: "dense" as const,
    rewardWeights: { reward: 1 },
    ...(goal && goalThreshold !== null
      ? { goal: { size: goal.size, unit: "1", threshold: goalThreshold } }
      : {}),
    jointNames: [],
    snapshots: false as const,
    config: { kwargs },
  });
}

function observationSpaceOf({ observation }: EnvInfo, goal: GoalPlaces | undefined): Dict {
  const boxFrom = (start: number, size: number) => boxOf(observation.slice(start, start + size));
  const goals = goal && {
    achievedGoal: boxFrom(goal.achieved, goal.size),
    desiredGoal: boxFrom(goal.desired, goal.size),
  };
  return deepFreeze(dict({ state: boxOf(observation), ...goals }));
}
