// Attack the best model of a run: a fit's on its rows, a policy in its episodes; figures and a picture of them in a folder.
import { join, resolve } from "node:path";
import { curvesPicture, type DrawnCurve } from "../attack/curves-picture.js";
import { optionText, UsageError } from "../math/usage-error.js";
import { VERSION } from "../version.js";
import { atomicWrite } from "./atomic-write.js";
import { attackFit } from "./attack-fit.js";
import { type AttackRunOptions, attackNames, requireCounts, requireStrengths } from "./attack-options.js";
import { attackPolicy } from "./attack-policy.js";
import type { AttackReport } from "./attack-report.js";
import { openTrained, type TrainedPolicyRun, type TrainedPredictorRun } from "./open-trained.js";

/**
 * Attack the best model of the run in `folder` and write `attack.json` and `curves.svg`, whole or not at all.
 *
 * Classes are measured by the share of rows that stay right, other predictors by their loss, policies by the success of whole episodes.
 * The same options give the same figures.
 *
 * @throws UsageError for an attack that there is not, strengths and counts out of range, a model without inputs to attack, and
 * the test split without `report`.
 * @example
 * const { curves } = await attackRun("runs/digits__classifier-cnn__1__20260102-030405", { attack: ["pgd"], strength: [0, 0.1, 0.3] });
 */
export async function attackRun(folder: string, options: AttackRunOptions = {}): Promise<AttackReport> {
  const { modules, dataFolder, say, seed = 0 } = options;
  const opened = await openTrained(folder, {
    ...(modules ? { modules } : {}),
    ...(dataFolder === undefined ? {} : { dataFolder }),
    ...(say ? { say } : {}),
  });
  const names = attackNames(opened.kind, options.attack);
  requireStrengths(names, options.strength);
  requireCounts(options);
  requireSplit(opened, options);
  const { curves, checks } =
    opened.kind === "fit"
      ? await attackFit(opened, names, options)
      : await attackPolicy(opened, names, options);
  const out = resolve(options.out ?? join(opened.path, "attack"));
  const files = [join(out, "attack.json"), join(out, "curves.svg")];
  const { split = "validation" } = options;
  const report: AttackReport = {
    kind: opened.kind,
    run: opened.path,
    of: describe(opened),
    ...{ split, seed, version: VERSION, curves, checks, files },
  };
  atomicWrite(files[0]!, `${JSON.stringify(report, null, 2)}\n`);
  atomicWrite(files[1]!, pictureOf(report));
  return report;
}

function requireSplit(
  { kind, path }: TrainedPolicyRun | TrainedPredictorRun,
  { split = "validation", report = false, restarts }: AttackRunOptions,
): void {
  if (kind === "policy" && split === "test")
    throw new UsageError(`${path} is a policy's run, which has no split of data. Leave the split out.`);
  if (kind === "policy" && restarts !== undefined)
    throw new UsageError(
      `${path} is a policy's run, whose attacks have one start at each step. Leave the restarts out.`,
    );
  if (split === "test" && !report)
    throw new UsageError(
      `Attacks are chosen by the validation split. Where these are the figures to report, say so by ${optionText("report")}: the test split is opened then, which the run records.`,
    );
}

function describe(opened: TrainedPolicyRun | TrainedPredictorRun): string {
  if (opened.kind === "policy") return `${opened.run.config.agent} on ${opened.run.config.env}`;
  const { predictor, dataset } = opened.fit.config;
  return `${predictor} on ${dataset.provenance.name}`;
}

function pictureOf({ kind, of, curves }: AttackReport): string {
  const isShare = curves.every(({ points }) => points.every(({ share }) => share !== undefined));
  const drawn = curves.map(
    ({ name, points }): DrawnCurve => ({
      name,
      points: points.map(({ strength, share, interval, loss }) => ({
        strength,
        value: (isShare ? share : loss) ?? Number.NaN,
        ...(interval ? { interval } : {}),
      })),
    }),
  );
  const label = kind === "policy" ? "success" : isShare ? "accuracy" : "loss";
  return curvesPicture(`${of} under attack: ${label}`, { label, kind: isShare ? "share" : "number" }, drawn);
}
