// Can the tasks be solved? The scripted experts on 200 seeds each.
import { expertPolicy, experts, type ScriptedExpert } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import type { BenchRow } from "../../src/cli/bench-command.js";
import type { EnvFactory } from "../../src/env/env.js";
import { playEpisode } from "../../src/rl/demonstrate.js";

const EPISODES = 200;

/** Variants of a task that are measured beside its default. */
const VARIANTS: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  "PegInsert-v1": [{ clearance: 0.001 }],
};

/** Play seeds 0 to 199 of each task by its expert. */
export async function run(): Promise<BenchRow[]> {
  const factories: Readonly<Record<string, EnvFactory>> = envs;
  const tasks = Object.entries(experts as Readonly<Record<string, ScriptedExpert>>).flatMap(([id, expert]) =>
    [{}, ...(VARIANTS[id] ?? [])].map((config) => ({ id, expert, config })),
  );
  return tasks.flatMap(({ id, expert, config }) => {
    const env = factories[id]!.create(config);
    const title = [id, ...Object.entries(config).map(([name, value]) => `${name} ${value}`)].join(", ");
    const actor = expertPolicy(expert, env.spec);
    const episodes = Array.from({ length: EPISODES }, (_, seed) => playEpisode(env, actor, seed));
    const mean = (value: (episode: (typeof episodes)[number]) => number) =>
      episodes.reduce((sum, episode) => sum + value(episode), 0) / EPISODES;
    const alone = { against: null, ratio: null };
    return [
      {
        what: `${title}: success of ${EPISODES} episodes`,
        value: 100 * mean(({ success }) => (success ? 1 : 0)),
        unit: "%",
        ...alone,
      },
      { what: `${title}: mean return`, value: mean((episode) => episode.return), unit: "1", ...alone },
    ];
  });
}
