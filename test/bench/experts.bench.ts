// Can the tasks be solved? The scripted experts on 200 seeds each.
import { expertPolicy, experts, type ScriptedExpert } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import type { BenchRow } from "../../src/cli/bench-command.js";
import type { EnvFactory } from "../../src/env/env.js";
import { playEpisode } from "../../src/rl/demonstrate.js";

const EPISODES = 200;

/** Play seeds 0 to 199 of each task by its expert. */
export async function run(): Promise<BenchRow[]> {
  const factories: Readonly<Record<string, EnvFactory>> = envs;
  return Object.entries(experts as Readonly<Record<string, ScriptedExpert>>).flatMap(([id, expert]) => {
    const env = factories[id]!.create();
    const actor = expertPolicy(expert, env.spec);
    const episodes = Array.from({ length: EPISODES }, (_, seed) => playEpisode(env, actor, seed));
    const mean = (value: (episode: (typeof episodes)[number]) => number) =>
      episodes.reduce((sum, episode) => sum + value(episode), 0) / EPISODES;
    const alone = { against: null, ratio: null };
    return [
      {
        what: `${id}: success of ${EPISODES} episodes`,
        value: 100 * mean(({ success }) => (success ? 1 : 0)),
        unit: "%",
        ...alone,
      },
      { what: `${id}: mean return`, value: mean((episode) => episode.return), unit: "1", ...alone },
    ];
  });
}
