// Does an environment keep its contract? What Gymnasium's check_env and Stable-Baselines3's checker look at, and more.
import type { EnvFactory } from "./env.js";
import {
  checkBadActions,
  checkClipping,
  checkClose,
  checkDeterminism,
  checkIsolation,
  checkOrder,
  checkResets,
  checkSeeds,
  checkSnapshot,
  checkTimeLimit,
} from "./env-behaviour-checks.js";
import {
  checkActionBounds,
  checkAliasing,
  checkComputeReward,
  checkObservationBounds,
  checkReset,
  checkRewardVaries,
  checkScene,
  checkSettings,
  checkSpaces,
  checkSpec,
  checkSteps,
} from "./env-interface-checks.js";

/** One thing that was looked at. */
export interface CheckItem {
  readonly name: string;
  readonly status: "pass" | "warn" | "fail";
  /** What is wrong and how to mend it; empty when it passed. */
  readonly message: string;
}

/** All that was looked at. */
export interface CheckReport {
  readonly env: string;
  /** True where nothing failed; warnings are allowed. */
  readonly passed: boolean;
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
  "actions out of bounds are clipped and counted": checkClipping,
  "the time limit truncates and never terminates": checkTimeLimit,
  "snapshot and restore continue with the same bytes": checkSnapshot,
  "computeReward agrees with the sparse reward": checkComputeReward,
  "closing twice is harmless, stepping then is refused": checkClose,
  "scene and poses belong together": checkScene,
  "unknown settings are refused": checkSettings,
};

const WARNINGS: Readonly<Record<string, Check>> = {
  "actions run from -1 to 1": checkActionBounds,
  "observation bounds are finite": checkObservationBounds,
  "success is possible to tell from the reward": checkRewardVaries,
};

/** Check every environment that `factory` makes with its default config. */
export function checkEnv(factory: EnvFactory): CheckReport {
  const look = (checks: typeof CHECKS, bad: "fail" | "warn"): CheckItem[] =>
    Object.entries(checks).map(([name, check]) => {
      const message = attempt(() => check(factory));
      return { name, status: message === undefined ? "pass" : bad, message: message ?? "" };
    });
  const items = [...look(CHECKS, "fail"), ...look(WARNINGS, "warn")];
  return { env: factory.id, passed: items.every(({ status }) => status !== "fail"), items };
}

function attempt(check: () => string | undefined): string | undefined {
  try {
    return check();
  } catch (error) {
    return `it throws: ${error instanceof Error ? error.message : String(error)}`;
  }
}
