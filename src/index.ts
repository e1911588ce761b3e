// What `import ... from "armgym"` gives, in Node, a worker and a browser: environments and what they are made of, agents, training,
// engines, recordings and exported policies. Networks are in "armgym/nn", runs and files in "armgym/node".

// Environments

export { AUTORESET_MODES, type AutoresetMode } from "./env/autoreset-mode.js";
export { type CheckItem, type CheckReport, checkEnv } from "./env/check/check-env.js";
export { defineEnv } from "./env/define-env.js";
export type {
  ComputeReward,
  Env,
  EnvFactory,
  EnvInfo,
  /** @deprecated Use `EnvInfo`. */
  EnvInfo as EnvSpec,
  EnvSnapshot,
  StateFrame,
  StepInfo,
  StepResult,
} from "./env/env.js";
export type {
  EnvConfig,
  EnvDefinition,
  EnvId,
  EnvOverrides,
  GoalDefinition,
  ObservationGroup,
  RewardTerms,
} from "./env/env-definition.js";
export { unseenLengths } from "./env/env-info.js";
export { Episode } from "./env/episode.js";
export { fullState, type Observation, type ObservationEntry } from "./env/observation.js";
export type { NumberRange, SettingRanges } from "./env/settings/setting-range.js";
export type { DrawnValues, JointLimits, Simulation, ToolPoses } from "./env/simulation.js";
export { type EpisodeResult, VecEnv } from "./env/vec-env.js";
export type { VecEnvOptions, VecEnvReset } from "./env/vec-env-options.js";
export type { ActionEntry } from "./spaces/action-entry.js";
export { type Box, box, type Dict, type Discrete, dict, type Space, sampleSpace } from "./spaces/space.js";

// Randomisation and curriculum

export type { CurriculumSetting, CurriculumSettings } from "./env/randomization/curriculum.js";
export {
  DEFAULT_RANDOMIZATION,
  RANDOMIZATION_NAMES,
  type Randomization,
  type RandomizationName,
  type RandomizationSetting,
  type ValueRange,
} from "./env/randomization/randomization.js";
export type { VisualRandomizationSetting } from "./env/randomization/visual-randomization.js";

// The robot cell: an arm, bodies, fixtures and mechanisms over a table

export {
  type Area,
  airArea,
  assertRoom,
  GOAL_COLOR,
  sampleApart,
  sampleArea,
  tableArea,
} from "./cell/area.js";
export {
  CELL_DEFAULTS,
  drawStart,
  FRICTION_RANGE,
  LENGTH_RANGE,
  MASS_RANGE,
  randomYaw,
  SPEED_RANGE,
} from "./cell/cell-config.js";
export type { RobotCellOptions, SolverSettings } from "./cell/cell-options.js";
export type { CellRobot } from "./cell/cell-robots.js";
export {
  armObservation,
  derived,
  fromTool,
  grasped,
  gripperObservation,
  type ObservationPart,
  observationGroup,
  ofGoal,
  planarVector,
  quarterYaw,
  scalar,
  toolObservation,
  vector,
  vectorEntries,
} from "./cell/observations.js";
export type { CellArm } from "./cell/parts/arm.js";
export type { Mechanism, MechanismOptions } from "./cell/parts/mechanism.js";
export {
  graspTerm,
  liftTerm,
  nearTerm,
  placeTerm,
  reachTerm,
  share,
  smoothTerm,
} from "./cell/reward-kernels.js";
export { RobotCell } from "./cell/robot-cell.js";
export type { CollisionShape, LinkModel } from "./physics/articulation/articulation-model.js";
export { type DrawerOptions, drawer } from "./physics/articulation/drawer.js";
export type { BodyShape } from "./physics/bodies/body-shape.js";
export type { Fixture, FixtureOptions } from "./physics/bodies/fixture.js";
export type { BoxOptions, FreeBody, FreeBodyOptions } from "./physics/bodies/free-body.js";
export type {
  /** @deprecated Use `Perturbation`. */
  Perturbation as Hand,
  Perturbation,
} from "./scene/perturbation.js";
export type { Color, SceneDescription, SceneEntity, SceneJoint } from "./scene/scene.js";

// Robots

export { closedFingers, pointOfTool } from "./robots/control/closed-fingers.js";
export { CONTROL_MODES, type ControlMode } from "./robots/control/controller.js";
export { type FixedJaw, fixedJaw } from "./robots/control/fixed-jaw.js";
export { assertForceControlled, assertGraspable, assertReachable } from "./robots/control/reach.js";
export { gripForceLimit, largestCube, nearSteepness } from "./robots/control/robot-scale.js";
export {
  type BasePose,
  fingerJoint,
  fingerOpening,
  type GripperModel,
  idleFingers,
  openFingers,
  type Region,
  type RobotModel,
} from "./robots/models/robot-model.js";
export { findRobot } from "./robots/models/robots.js";

// Cameras

export { type ImageSpec, OBSERVATION_MODES, type ObservationMode } from "./env/camera-observation.js";
export type { CameraDescription } from "./scene/camera-description.js";
export { Camera } from "./sensors/camera/camera.js";
export { type CameraEntry, type CameraSettings, resolveCameras } from "./sensors/camera/camera-config.js";
export { APPEARANCE, type Appearance } from "./sensors/camera/shading/look.js";

// Agents and training

export type { Callback, CallbackAnswer, CallbackContext } from "./learn/callbacks.js";
export { evaluatePolicy, pretrainEncoder, train } from "./on-demand.js";
export type { EvaluationSummary } from "./rl/evaluate.js";
export type { EvaluatePolicyOptions } from "./rl/evaluate-policy.js";
export {
  TEST_SEED,
  /** @deprecated Use `TEST_SEED`. */
  TEST_SEED as HELD_OUT_SEED,
  VALIDATION_SEED,
} from "./rl/evaluation-seeds.js";
export { DISTILLATION_DEFAULTS, type DistillationSettings } from "./rl/imitation/dagger-settings.js";
export { type Actor, actorTeacher, type Teacher, type TeacherDefinition } from "./rl/imitation/teacher.js";
export type { AgentDefinition, Policy, PolicyOutput, Remembered, TunedSettings } from "./rl/policy.js";
export {
  type AlgorithmSettings,
  FINE_TUNING_DEFAULTS,
  type NetworkSettings,
  PPO_DEFAULTS,
  type PpoSettings,
  type ValidationSettings,
} from "./rl/ppo/ppo-settings.js";
export type {
  Pretraining,
  PretrainingCallback,
  PretrainingError,
  PretrainingOptions,
  PretrainingReport,
} from "./rl/pretraining/encoder-pretraining.js";
export type { PretrainedEncoder } from "./rl/pretraining/pretrained-encoder.js";
export type { TrainingCallback } from "./rl/training-callback.js";
export type { Distributions } from "./rl/training-distributions.js";
export type { TrainOptions } from "./rl/training-options.js";
export type {
  CheckpointReport,
  EvaluationReport,
  IterationReport,
  RolloutReport,
  TrainingEnd,
  TrainResult,
} from "./rl/training-report.js";
export type { TrainedPolicy, TrainingState } from "./rl/training-state.js";

// Trained models; "armgym/nn" compiles them and turns them into files

export type { CompileOptions } from "./model/compile-model.js";
export type { MemoryPart, Model, ModelEntry, ModelInput, ModelOutput, Tensors } from "./model/model.js";
export { ModelRunner, type ModelWeights } from "./model/model-runner.js";
export type { Normalizer } from "./model/normalizer.js";
export type { ModelFiles, Provenance, TrainedModel } from "./model/trained-model.js";

// Engines

export {
  type Arrays,
  type CompiledFunction,
  ENGINE_NAMES,
  type Engine,
  type EngineName,
} from "./compile/engines/engine.js";
export { loadEngine } from "./on-demand.js";

// Recordings

export { LiveEpisode } from "./episodes/live-episode.js";
export { type ReplayedEnv, replayRecording } from "./episodes/replay-recording.js";
export { writeRecording } from "./on-demand.js";
export { readRecording, readSummaries } from "./recording/mcap-read.js";
export type { EpisodeRecording, RecordedFrame, RecordingHeader } from "./recording/recording.js";

// Exported policies

export type { ExportedPolicy, GoldenVector, PolicyBundle } from "./deploy/bundle.js";
export { type PolicyManifest, parseManifest } from "./deploy/policy-manifest.js";
export { connectPolicy, exportBundle, loadBundle } from "./on-demand.js";
export type { ConnectPolicyOptions, PolicyConnection, PolicyImages } from "./serve/policy/policy-client.js";
export type { ServedPolicy } from "./serve/policy/served-policy.js";

// Robot programs as text

export { PROGRAM_CELL, type ProgramOutcome, type ProgramRun, runProgram } from "./episodes/run-program.js";
export { compileGrammar } from "./programs/grammar/compile-grammar.js";
export { type Expectations, expectationsOf } from "./programs/grammar/expectations.js";
export type { Alternative, Grammar, GrammarRules, GrammarSymbol, Rule } from "./programs/grammar/grammar.js";
export {
  advance,
  allowedNext,
  type GrammarState,
  grammarStart,
  isOfGrammar,
  type NextCharacters,
  nextCharacters,
  sampleText,
  textLogProbability,
} from "./programs/grammar/walk.js";
export type { Instruction, Place, Program, ProgramLine } from "./programs/instruction.js";
export { checkProgram, type ProgramMistake, parseProgram } from "./programs/parse-program.js";
export { printProgram } from "./programs/print-program.js";
export { programGrammar } from "./programs/program-grammar.js";
export { programOfRecording } from "./programs/program-of-recording.js";

// Data, and predictors that learn from it

export {
  augmentPictures,
  augmentSeries,
  type PictureAugmentation,
  type PictureBatch,
  type SeriesAugmentation,
} from "./data/augment.js";
export type { DataFile, DataFiles, DataSource, PlainSettings } from "./data/data-source.js";
export {
  type DataArrays,
  type DataField,
  type DataProvenance,
  type DataSplits,
  type Dataset,
  emptyRows,
  subset,
  tableDataset,
} from "./data/dataset.js";
export type { PartAppearance, PartDomain } from "./data/defects/domain.js";
export {
  DEFECT_CLASSES,
  type DefectClass,
  drawPart,
  type PartOptions,
  type PartPicture,
} from "./data/defects/draw-part.js";
export { PART_SURFACES, type PartSurface } from "./data/defects/surface.js";
export { exampleSheet } from "./data/example-sheet.js";
export { FOLD_DEFAULTS, foldSplits, requireClasses } from "./data/fold-splits.js";
export { findSource, loadSource } from "./data/load-source.js";
export { ownData } from "./data/own-data.js";
export { type CsvTable, readCsv } from "./data/readers/csv.js";
export { type IdxArray, readIdx } from "./data/readers/idx.js";
export { type Picture, readPng } from "./data/readers/png.js";
export { decodeText, type EncodedText, encodeText } from "./data/readers/text.js";
export { sourceSettings } from "./data/source-settings.js";
export { dataSources } from "./data/sources/data-sources.js";
export { type Fold, type FoldOptions, type SplitOptions, splitFolds, splitRows } from "./data/split-rows.js";
export { type DataSummary, type FieldSummary, summarizeData } from "./data/summarize.js";
export { type WindowField, type WindowOptions, windowDataset } from "./data/windows.js";
export type { EvaluatePredictorOptions } from "./learn/evaluate-predictor.js";
export type { FitOptions, Fitted } from "./learn/fit-definition.js";
export type {
  BatchReport,
  BestEpoch,
  EpochRecord,
  EpochReport,
  FitCallback,
  FitEnd,
  FitResult,
  FitState,
  FitWeights,
} from "./learn/fit-state.js";
export {
  FIT_DEFAULTS,
  type FitSettings,
  type Loss,
  type Objective,
  type PredictorDefinition,
  type PredictorNetwork,
} from "./learn/predictor.js";
export type { FitHooks } from "./learn/predictor-functions.js";
export { type ObjectiveReport, type PredictorReport, worstRows } from "./learn/predictor-report.js";
export { evaluatePredictor, fit } from "./on-demand.js";

// Metrics

export {
  type ConformalStep,
  conformalCoverage,
  conformalIntervals,
  fitConformal,
  type PredictionIntervals,
} from "./learn/conformal-step.js";
export {
  conformalQuantile,
  expectedCalibrationError,
  intervalCoverage,
  type ReliabilityBin,
  reliabilityDiagram,
} from "./learn/metrics/calibration.js";
export {
  type AverageScores,
  type ClassificationReport,
  type ClassScores,
  type ConfusionMatrix,
  classificationReport,
  confusionMatrix,
} from "./learn/metrics/classification.js";
export {
  type BootstrapOptions,
  bootstrapInterval,
  type Estimate,
  interquartileMean,
  meanOf,
  stratifiedIqm,
  wilsonInterval,
} from "./learn/metrics/intervals.js";
export {
  type McNemarResult,
  mcnemarTest,
  type PairedDifference,
  pairedDifference,
} from "./learn/metrics/paired.js";
export {
  averagePrecision,
  precisionRecallCurve,
  rocAuc,
  rocCurve,
  type ScoreCurve,
} from "./learn/metrics/ranking.js";
export { mae, nasaScore, rmse } from "./learn/metrics/regression.js";
export { maskIou } from "./learn/metrics/segmentation.js";

// Numbers and errors

export {
  multiplyQuaternions,
  type Quat,
  quaternionFromAxisAngle,
  rotateVector,
  yawOf,
} from "./math/quaternion.js";
export { createRandom, type Random, type RandomState } from "./math/random.js";
export { UsageError } from "./math/usage-error.js";
export { distance, subtract, type Vec3 } from "./math/vector.js";
export { VERSION } from "./version.js";
