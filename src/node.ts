// What `import ... from "armgym/node"` gives: runs on disk and bundles from disk; Node only, everything else is in "armgym".

export type { RobotCheckItem } from "./cell/robot-check/robot-check-item.js";
export type { ExplainMethod, MapQuality } from "./explain/explain-rows.js";
export {
  type GymnasiumConfig,
  type GymnasiumFactory,
  type GymnasiumOptions,
  gymnasiumEnv,
} from "./gymnasium/gymnasium-factory.js";
export type { Progress } from "./log/progress-line.js";
export type { LiveEvent } from "./recording/run-events.js";
export type { AttackRunOptions } from "./runs/attack-options.js";
export type { AttackCurve, AttackPoint, AttackReport } from "./runs/attack-report.js";
export { attackRun } from "./runs/attack-run.js";
export { checkRobot, type RobotReport } from "./runs/check-robot.js";
export { type CreateEncoderOptions, createEncoder, type EncoderOutcome } from "./runs/create-encoder.js";
export { createRun } from "./runs/create-run.js";
export { openDataFolder } from "./runs/data-folder.js";
export type { NamedEpisode } from "./runs/episode-files.js";
export type { EvaluateRunOptions } from "./runs/evaluate-run.js";
export { type ExplainOutcome, type ExplainRunOptions, explainRun } from "./runs/explain-run.js";
export type { ExportOptions, ExportOutcome, TfjsOutcome } from "./runs/export-run.js";
export type { FitExportOutcome } from "./runs/fit/export-fit.js";
export type { FitConfig } from "./runs/fit/fit-config.js";
export type {
  EvaluateFitOptions,
  FitEvaluation,
  TestFigures,
  TestOpening,
} from "./runs/fit/fit-evaluation.js";
export type { FitOutcome } from "./runs/fit/fit-outcome.js";
export type { CreateFitOptions } from "./runs/fit/fit-request.js";
export {
  createFit,
  FitRun,
  type FitTrainOptions,
  type OpenFitOptions,
  openFit,
} from "./runs/fit/fit-run.js";
export type { DescribedFitSettings } from "./runs/fit/fit-settings.js";
export { openBundle } from "./runs/open-bundle.js";
export { defaultDataFolder, type OpenedData, openData } from "./runs/open-data.js";
export { type OpenPolicyOptions, openPolicy } from "./runs/open-policy.js";
export {
  openTrained,
  type RunnerOptions,
  type TrainedPolicyRun,
  type TrainedPredictorRun,
} from "./runs/open-trained.js";
export type { PolicyChoice } from "./runs/restored-policy.js";
export {
  type MetricsRow,
  type OpenRunOptions,
  openRun,
  type RecordedRunEpisode,
  Run,
  type RunTrainOptions,
} from "./runs/run.js";
export type { RunConfig } from "./runs/run-folder.js";
export type { Prediction, RunPolicy } from "./runs/run-policy.js";
export type { DescribedSettings } from "./runs/settings/describe-settings.js";
export type { SettingRow, SettingSections } from "./runs/settings/setting-rows.js";
export type { TrainingOutcome } from "./runs/training-outcome.js";
export type { CreateRunOptions } from "./runs/training-request.js";
export {
  type PolicyServer,
  type PolicyServerStatus,
  type ServePolicyOptions,
  servePolicy,
} from "./serve/policy/policy-server.js";
export type { Percentiles, ServiceStatus } from "./serve/policy/service-meter.js";
