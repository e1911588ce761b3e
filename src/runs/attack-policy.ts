// Attack the policy of a run in whole episodes.
import { attackedRunner, compileAttackedPolicy, type PolicyAttack } from "../attack/observation-attack.js";
import { loadEngine } from "../compile/engines/load-engine.js";
import { type EvaluationEpisode, evaluateBatch, summarize } from "../rl/evaluate.js";
import { VALIDATION_SEED } from "../rl/evaluation-seeds.js";
import { evaluationBatches } from "../rl/rollout/rollout-host.js";
import { type AttackRunOptions, defaultStrengths } from "./attack-options.js";
import type { AttackCurve, AttackPoint } from "./attack-report.js";
import type { TrainedPolicyRun } from "./open-trained.js";

/** Episodes that are played side by side. */
const BATCH = 25;

/** Attack a policy through what it observes, and in its actions. */
export async function attackPolicy(
  opened: TrainedPolicyRun,
  names: readonly string[],
  options: AttackRunOptions,
): Promise<{ readonly curves: readonly AttackCurve[]; readonly checks: readonly [] }> {
  const { rows: episodes = 50, seed = 0, steps = 10, say = () => {}, signal } = options;
  const seeds = Array.from({ length: episodes }, (_, k) => VALIDATION_SEED + k);
  const rows = Math.min(BATCH, episodes);
  const { weights, trained } = opened;
  const engineName = options.engine ?? opened.engine;
  const envs = await Promise.all(Array.from({ length: rows }, () => opened.createEnv()));
  const runner = await opened.createRunner({ rows, engine: engineName });
  const engine = await loadEngine(engineName, say);
  const attacked = await compileAttackedPolicy({ model: trained.model, weights, engine, rows });
  try {
    const pointAt = async (attack: PolicyAttack): Promise<AttackPoint> => {
      const played: EvaluationEpisode[] = [];
      for (const [k, batch] of evaluationBatches(seeds, rows).entries()) {
        signal?.throwIfAborted();
        played.push(
          ...(await evaluateBatch(envs, attackedRunner(runner, attacked, attack, `${seed}/${k}`), batch)),
        );
      }
      const { episodes: count, successRate, successInterval, meanReturn } = summarize(played);
      return {
        strength: attack.strength,
        count,
        share: successRate,
        interval: successInterval,
        meanReturn,
      };
    };
    const curves: AttackCurve[] = [];
    for (const name of names) {
      say(`Attacking ${episodes} episodes by ${name}`);
      const points: AttackPoint[] = [];
      for (const strength of options.strength ?? defaultStrengths(name, "policy"))
        points.push(await pointAt(attackOf(name, strength, steps)));
      curves.push({ name: name === "pgd" ? `pgd-${steps}` : name, points });
    }
    return { curves, checks: [] };
  } finally {
    for (const env of envs) env.close();
    await runner.dispose();
    await attacked.dispose();
  }
}

function attackOf(name: string, strength: number, steps: number): PolicyAttack {
  if (name === "pgd") return { kind: "pgd", strength, steps };
  return { kind: name === "action" ? "action" : "noise", strength };
}
