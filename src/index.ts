// What `import ... from "armgym"` gives: environments, training, engines and exported policies.

export type { RobotCellOptions } from "./cell/cell-options.js";
export { RobotCell } from "./cell/robot-cell.js";
export {
  type Arrays,
  type CompiledFunction,
  ENGINE_NAMES,
  type Engine,
  type EngineName,
} from "./compile/engines/engine.js";
export { loadEngine } from "./compile/engines/load-engine.js";
export type {
  Attributes,
  AttributeValue,
  Constant,
  ElementType,
  Graph,
  GraphNode,
  GraphOutput,
  TensorType,
  TensorValues,
  Value,
} from "./compile/graph/graph.js";
export { printGraph } from "./compile/graph/print-graph.js";
export { type TensorFunction, type TensorSpec, type TensorSpecs, traceGraph } from "./compile/trace/trace.js";
export { traceToOnnx } from "./compile/trace-to-onnx.js";
export { type ExportedPolicy, exportBundle, loadBundle, type PolicyBundle } from "./deploy/bundle.js";
export { type PolicyManifest, parseManifest } from "./deploy/policy-manifest.js";
export { type ImageSpec, OBSERVATION_MODES, type ObservationMode } from "./env/camera-observation.js";
export { type CheckItem, type CheckReport, checkEnv } from "./env/check/check-env.js";
export { defineEnv } from "./env/define-env.js";
export type { Env, EnvFactory, EnvSnapshot, EnvSpec, StepInfo, StepResult } from "./env/env.js";
export type {
  EnvConfig,
  EnvDefinition,
  GoalDefinition,
  ObservationGroup,
} from "./env/env-definition.js";
export type { Observation, ObservationEntry } from "./env/observation.js";
export type { CurriculumSetting, CurriculumSettings } from "./env/randomization/curriculum.js";
export {
  DEFAULT_RANDOMIZATION,
  RANDOMIZATION_NAMES,
  type Randomization,
  type RandomizationName,
  type RandomizationSetting,
  type ValueRange,
} from "./env/randomization/randomization.js";
export type { DrawnValues, Simulation } from "./env/simulation.js";
export { type EpisodeResult, VecEnv } from "./env/vec-env.js";
export { LiveEpisode } from "./episodes/live-episode.js";
export { type ReplayedEnv, replayRecording } from "./episodes/replay-recording.js";
export { createRandom, type Random, type RandomState } from "./math/random.js";
export { UsageError } from "./math/usage-error.js";
export { readRecording, readSummaries } from "./recording/mcap-read.js";
export { writeRecording } from "./recording/mcap-write.js";
export type { EpisodeRecording, RecordedFrame, RecordingHeader } from "./recording/recording.js";
export {
  type EvaluationSummary,
  TEST_SEED,
  /** @deprecated Use `TEST_SEED`. */
  TEST_SEED as HELD_OUT_SEED,
  VALIDATION_SEED,
} from "./rl/evaluate.js";
export { type EvaluatePolicyOptions, evaluatePolicy } from "./rl/evaluate-policy.js";
export type { AgentDefinition, Policy, PolicyOutput } from "./rl/policy.js";
export { PPO_DEFAULTS, type PpoSettings } from "./rl/ppo/ppo-settings.js";
export { type PretrainingOptions, pretrainEncoder } from "./rl/pretraining/encoder-pretraining.js";
export type { PretrainedEncoder } from "./rl/pretraining/pretrained-encoder.js";
export {
  type IterationReport,
  type TrainingEnd,
  type TrainOptions,
  type TrainResult,
  train,
} from "./rl/trainer.js";
export type { TrainedPolicy, TrainingState } from "./rl/training-state.js";
export { CONTROL_MODES, type ControlMode } from "./robots/control/controller.js";
export type { GripperModel, Region, RobotModel } from "./robots/models/robot-model.js";
export { openBundle } from "./runs/open-bundle.js";
export type { CameraDescription } from "./scene/camera-description.js";
export type {
  /** @deprecated Use `Perturbation`. */
  Perturbation as Hand,
  Perturbation,
} from "./scene/perturbation.js";
export { Camera } from "./sensors/camera/camera.js";
export { type CameraEntry, type CameraSettings, resolveCameras } from "./sensors/camera/camera-config.js";
export { type Box, box, type Dict, type Discrete, dict, type Space, sampleSpace } from "./spaces/space.js";
export { VERSION } from "./version.js";
