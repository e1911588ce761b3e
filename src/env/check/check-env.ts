// Does an environment keep its contract? What Gymnasium's check_env and Stable-Baselines3's checker look at, and more.
import { UsageError } from "../../math/usage-error.js";
import type { EnvFactory } from "../env.js";
import {
  checkBadActions,
  checkClipping,
  checkClose,
  checkDeterminism,
  checkEndedSnapshot,
  checkInfoSeed,
  checkIsolation,
  checkOrder,
  checkResets,
  checkSeeds,
  checkSnapshot,
  checkTimeLimit,
} from "./behaviour-checks.js";
import {
  checkActionBounds,
  checkAliasing,
  checkComputeReward,
  checkObservationBounds,
  checkPenetration,
  checkReset,
  checkRewardVaries,
  checkScene,
  checkSettings,
  checkSharing,
  checkSpaces,
  checkSpec,
  checkSteps,
} from "./interface-checks.js";

/** One thing that was looked at. */
export interface CheckItem {
  /** What is checked, in words. */
  readonly name: string;
  /** "warn" is worth a look and no failure. */
  readonly status: "pass" | "warn" | "fail";
  /** What is wrong and how to mend it; empty when it passed. */
  readonly message: string;
}

/** All that was looked at. */
export interface CheckReport {
  /** Id of the environment. */
  readonly env: string;
  /** True where nothing failed; warnings are allowed. */
  readonly passed: boolean;
  /** In the order in which they were checked. */
  readonly items: readonly CheckItem[];
}

type Check = (factory: EnvFactory) => string | undefined;

/** Failing one of these means that training would go wrong. */
const CHECKS: Readonly<Record<string, Check>> = {
  "spec names every number once": checkSpec,
  "spaces fit their bounds and the spec": checkSpaces,
  "reset returns an observation of the space": checkReset,
  "step returns an observation, reward and flags": checkSteps,
  "observations are fresh arrays": checkAliasing,
  "the same seed and actions give the same bytes": checkDeterminism,
  "five resets with one seed agree, and a snapshot leads back": checkResets,
  "another seed gives another episode": checkSeeds,
  "two instances do not disturb each other": checkIsolation,
  "step before reset and after the end is refused": checkOrder,
  "actions of wrong length or not finite are refused": checkBadActions,
  "actions run from -1 to 1": checkActionBounds,
  "actions out of bounds are clipped and counted": checkClipping,
  "the time limit truncates and never terminates": checkTimeLimit,
  "snapshot and restore continue with the same bytes": checkSnapshot,
  "an episode that is over stays over in its snapshot": checkEndedSnapshot,
  "the seed in info reproduces the episode": checkInfoSeed,
  "computeReward agrees with the sparse reward": checkComputeReward,
  "closing twice is harmless, stepping then is refused": checkClose,
  "scene and poses belong together": checkScene,
  "unknown settings are refused": checkSettings,
  "what an instance hands out changes no other one": checkSharing,
};

const WARNINGS: Readonly<Record<string, Check>> = {
  "observation bounds are finite": checkObservationBounds,
  "the reward distinguishes success": checkRewardVaries,
  "nothing is pressed into anything": checkPenetration,
};

/** What is reported of a check that runs. */
export interface CheckListeners {
  /** Called before each check with its name. */
  readonly onStart?: (name: string) => void;
  /** Called after it. */
  readonly onItem?: (item: CheckItem) => void;
}

/**
 * Check every environment that `factory` makes with its default config.
 *
 * @throws Nothing: what an environment throws is in the report.
 * @example
 * const { passed, items } = checkEnv(envs["Reach-v1"]);
 */
export function checkEnv(factory: EnvFactory, { onStart, onItem }: CheckListeners = {}): CheckReport {
  const look = (checks: typeof CHECKS, bad: "fail" | "warn"): CheckItem[] =>
    Object.entries(checks).map(([name, check]) => {
      onStart?.(name);
      const message = attempt(() => check(factory));
      const item: CheckItem = {
        name,
        status: message === undefined ? "pass" : bad,
        message: message ?? "",
      };
      onItem?.(item);
      return item;
    });
  const items = [...look(CHECKS, "fail"), ...look(WARNINGS, "warn")];
  return { env: factory.id, passed: items.every(({ status }) => status !== "fail"), items };
}

function attempt(check: () => string | undefined): string | undefined {
  try {
    return check();
  } catch (error) {
    // authors of environments need the stack of an error that is not a message of ours
    const place = error instanceof UsageError ? undefined : placeOf(error);
    const message = error instanceof Error ? error.message : String(error);
    return `it throws: ${message}${place === undefined ? "" : ` at ${place}`}`;
  }
}

/** File, line and column of the first file in a stack. */
function placeOf(error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return /\(?((?:file:\/\/)?\/[^\s()]+:\d+:\d+)\)?/.exec(stack)?.[1];
}
