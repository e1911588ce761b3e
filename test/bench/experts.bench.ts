// Can the tasks be solved? The scripted experts, by every robot and at three rates of the physics.
import { expertPolicy, experts, type ScriptedExpert } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import type { Env, EnvFactory } from "../../src/env/env.js";
import { playEpisode } from "../../src/episodes/demonstrate.js";
import { UsageError } from "../../src/math/usage-error.js";
import { robots } from "../../src/robots/models/robots.js";

const EPISODES = 200;
/** Episodes of each robot at each rate. */
const EPISODES_EACH = 50;
const RATES = [240, 120, 80];

/** Variants of a task that are measured beside its default. */
const VARIANTS: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  "PegInsert-v1": [{ clearance: 0.001 }],
};

type PlayedEpisode = ReturnType<typeof playEpisode>;

const tasks = Object.entries(experts as Readonly<Record<string, ScriptedExpert>>);
const alone = { against: null, ratio: null };

/** Play each task by its expert: seeds 0 to 199 as it comes, seeds 0 to 49 by each robot at each rate. */
export async function run(): Promise<BenchRow[]> {
  const byDefault = tasks.flatMap(([id, expert]) =>
    [{}, ...(VARIANTS[id] ?? [])].flatMap((config) => {
      const title = [id, ...Object.entries(config).map(([name, value]) => `${name} ${value}`)].join(", ");
      const episodes = playSeeds(factoryOf(id).create(config), expert, EPISODES);
      const mean = episodes.reduce((sum, episode) => sum + episode.return, 0) / EPISODES;
      return [
        successRow(`${title}: success of ${EPISODES} episodes`, episodes),
        { what: `${title}: mean return`, value: mean, unit: "1", ...alone },
      ];
    }),
  );
  const everywhere = tasks.flatMap(([id, expert]) =>
    Object.keys(robots).flatMap((robot) =>
      RATES.flatMap((physicsRate) => {
        const env = createUnlessRefused(id, { robot, physicsRate });
        if (!env) return [];
        const title = `${id}, ${robot}, ${physicsRate} Hz: success of ${EPISODES_EACH} episodes`;
        return [successRow(title, playSeeds(env, expert, EPISODES_EACH))];
      }),
    ),
  );
  return [...byDefault, ...everywhere];
}

function factoryOf(id: string): EnvFactory {
  return (envs as Readonly<Record<string, EnvFactory>>)[id]!;
}

/** Nothing where the task says that it is not for the robot. */
function createUnlessRefused(id: string, config: Readonly<Record<string, unknown>>): Env | undefined {
  try {
    return factoryOf(id).create(config);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

function playSeeds(env: Env, expert: ScriptedExpert, count: number): PlayedEpisode[] {
  const actor = expertPolicy(expert, env.spec);
  return Array.from({ length: count }, (_, seed) => playEpisode(env, actor, seed));
}

function successRow(what: string, episodes: readonly PlayedEpisode[]): BenchRow {
  const solved = episodes.filter(({ success }) => success).length;
  return { what, value: (100 * solved) / episodes.length, unit: "%", ...alone };
}
