// What `import ... from "armgym/nn"` gives: networks as pure TensorFlow.js functions on a flat parameter vector, and their
// compilation. An entry of its own, because TensorFlow.js takes longer to load than an environment.

// Layers

export type { ImageShape } from "./nn/convolution.js";
export { type DenseGains, dense, denseSpecs, multilayerPerceptron } from "./nn/dense.js";
export { drawDropoutMask, dropout } from "./nn/dropout.js";
export { embedding, embeddingSpecs } from "./nn/embedding.js";
export { gelu } from "./nn/gelu.js";
export {
  ENCODER_NAMES,
  type EncoderName,
  IMAGE_FEATURES,
  type ImageEncoder,
  type ImageInput,
  imageEncoder,
} from "./nn/image-encoder.js";
export {
  averagePool,
  type ConvolutionOptions,
  convolution,
  convolutionSpecs,
  globalAveragePool,
  globalMaxPool,
  maxPool,
  separableConvolution,
  separableConvolutionSpecs,
  upsample,
} from "./nn/image-layers.js";
export {
  type BatchStatistics,
  batchNorm,
  batchNormSpecs,
  groupNorm,
  layerNorm,
  moveStatistics,
  scaleSpecs,
} from "./nn/normalization.js";

// Memory

export { gruCell } from "./nn/gru.js";
export { lstmCell } from "./nn/lstm.js";
export { type MemoryCell, type MemoryRun, memorySpecs, runMemory } from "./nn/memory-cell.js";

// Parameters

export {
  type Initialization,
  initializeParameters,
  type ParameterLayout,
  type ParameterSpec,
  parameterLayout,
  splitParameters,
} from "./nn/parameters.js";

// Compilation

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

// Trained models: compiled, run by a ModelRunner, and as files

export { compileModel } from "./model/compile-model.js";
export { normalizerOf } from "./model/normalizer.js";
export {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  type StoredTensor,
} from "./model/safetensors.js";
export { decodeModel, encodeModel, modelWeights } from "./model/trained-model.js";
export { observe } from "./rl/policy-inputs.js";
export { policyModel, policyRunner, policyWeights } from "./rl/policy-model.js";

// Explanations of what a model says

export type {
  Attributions,
  ExplainedModel,
  ExplainedNumber,
} from "./explain/explained-model.js";
export { type ActivationMaps, type GradCamOptions, gradCam, lastImageTap } from "./explain/grad-cam.js";
export {
  averageBaseline,
  type IntegratedGradients,
  type IntegratedGradientsOptions,
  inputGradients,
  inputTimesGradient,
  integratedGradients,
  type SmoothGradOptions,
  saliency,
  smoothGrad,
} from "./explain/gradient-maps.js";
export { type OcclusionOptions, occlusion, type RiseOptions, rise } from "./explain/occlusion.js";
export { type InputGrid, inputGrid, sumOfPlaces } from "./explain/picture-grid.js";
export {
  type DeletionInsertion,
  type DeletionOptions,
  deletionInsertion,
  energyInside,
  pointsInside,
  type RandomizationOptions,
  randomizationCheck,
  rankCorrelation,
} from "./explain/quality.js";
export type { ScoredNumber } from "./explain/scores.js";

// Attacks on what a model says

export {
  type AttackedModel,
  type AttackedModelOptions,
  type AttackedRows,
  compileAttackedModel,
  type InputRange,
  type RowOutcomes,
} from "./attack/attacked-model.js";
export {
  type Attack,
  type AttackOutcome,
  attackRows,
  type InputShapes,
  roundedToBytes,
} from "./attack/attacks.js";
export { CORRUPTIONS, type CorruptedInput, type Corruption, corruptRows } from "./attack/corruptions.js";
export { type AdversarialTraining, adversarialTraining } from "./attack/harden.js";
export {
  type AttackedRunner,
  attackedRunner,
  compileAttackedPolicy,
  type PolicyAttack,
} from "./attack/observation-attack.js";
export {
  type CurveOptions,
  corruptionCurve,
  type MaskingCheck,
  maskingChecks,
  type RobustnessCurve,
  type RobustnessPoint,
  robustnessCurve,
} from "./attack/robustness.js";

// Several fits of one network as one model

export { type Ensemble, ensembleOf } from "./learn/ensemble.js";

// Texts that a model writes

export { type GenerateOptions, generateText, type TextModel } from "./learn/generate-text.js";
