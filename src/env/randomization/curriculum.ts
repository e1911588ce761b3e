// An automatic curriculum: a difficulty from 0 to 1 that follows success.
import { z } from "zod";
import { didYouMean } from "../../math/nearest.js";
import { UsageError } from "../../math/usage-error.js";

/** How the difficulty of an environment follows its success. */
export interface CurriculumSettings {
  /** Difficulty of the first episodes. */
  readonly start: number;
  /** By how much it rises or falls. */
  readonly step: number;
  /** Share of success in a window from which on it rises, 0 to 1. */
  readonly raiseAt: number;
  /** Share of success in a window up to which it falls, 0 to 1. */
  readonly lowerAt: number;
  /** Episodes of one environment between two decisions. */
  readonly window: number;
}

/** What a config may say: no curriculum, the usual one, or some of its settings. */
export type CurriculumSetting = boolean | Readonly<Partial<CurriculumSettings>>;

const DEFAULTS: CurriculumSettings = { start: 0, step: 0.1, raiseAt: 0.7, lowerAt: 0.3, window: 10 };
const NAMES = Object.keys(DEFAULTS) as (keyof CurriculumSettings)[];
const share = z.number().min(0).max(1);
const EXPECTED: Readonly<Record<keyof CurriculumSettings, readonly [z.ZodType, string]>> = {
  start: [share, "a number from 0 to 1"],
  step: [share.positive(), "a number above 0, at most 1"],
  raiseAt: [share, "a number from 0 to 1"],
  lowerAt: [share, "a number from 0 to 1"],
  window: [z.int().positive(), "a whole number of at least 1"],
};

/** Return the settings that `setting` stands for, undefined where there is no curriculum; throws a UsageError where it is impossible. */
export function parseCurriculum(setting: unknown, id: string): CurriculumSettings | undefined {
  if (setting === undefined || setting === false) return undefined;
  if (setting === true) return DEFAULTS;
  if (typeof setting !== "object" || setting === null || Array.isArray(setting)) {
    throw new UsageError(
      `Setting "curriculum" of ${id} is ${JSON.stringify(setting)}, expected true, false, or settings like {"start": 0.2}.`,
    );
  }
  for (const [name, value] of Object.entries(setting)) {
    if (!Object.hasOwn(DEFAULTS, name)) {
      throw new UsageError(
        `Unknown setting "curriculum.${name}" of ${id}. ${didYouMean(name, NAMES)}It has: ${NAMES.join(", ")}.`,
      );
    }
    const [schema, expected] = EXPECTED[name as keyof CurriculumSettings];
    if (schema.safeParse(value).success) continue;
    throw new UsageError(
      `Setting "curriculum.${name}" of ${id} is ${JSON.stringify(value)}, expected ${expected}.`,
    );
  }
  const settings: CurriculumSettings = { ...DEFAULTS, ...setting };
  const { raiseAt, lowerAt } = settings;
  if (raiseAt > lowerAt) return settings;
  throw new UsageError(
    `Setting "curriculum.lowerAt" of ${id} is ${lowerAt}, expected less than curriculum.raiseAt (${raiseAt}).`,
  );
}

/** State of a curriculum as plain data. */
export interface CurriculumSnapshot {
  readonly difficulty: number;
  readonly episodes: number;
  readonly successes: number;
}

/** Follows the episodes of one environment: it depends on nothing else, so neither on how many workers there are. */
export class Curriculum {
  /** Of the next episode. */
  difficulty: number;
  private episodes = 0;
  private successes = 0;
  private readonly settings: CurriculumSettings;

  constructor(settings: CurriculumSettings) {
    this.settings = settings;
    this.difficulty = settings.start;
  }

  /** Count a finished episode and, at the end of a window, move the difficulty. */
  observe(success: boolean): void {
    const { window, raiseAt, lowerAt, step } = this.settings;
    this.episodes++;
    if (success) this.successes++;
    if (this.episodes < window) return;
    const rate = this.successes / window;
    const move = rate >= raiseAt ? step : rate <= lowerAt ? -step : 0;
    // rounded, so that ten steps of 0.1 make 1
    this.difficulty = Math.max(0, Math.min(1, Math.round(1e9 * (this.difficulty + move)) / 1e9));
    this.episodes = 0;
    this.successes = 0;
  }

  snapshot(): CurriculumSnapshot {
    const { difficulty, episodes, successes } = this;
    return { difficulty, episodes, successes };
  }

  restore({ difficulty, episodes, successes }: CurriculumSnapshot): void {
    this.difficulty = difficulty;
    this.episodes = episodes;
    this.successes = successes;
  }
}
