// Why an output of a policy is what it is at a frame, in terms of what can be drawn.
import type {
  Explained,
  LiveObservation,
  LivePolicy,
  OutputGradients,
} from "../../src/deploy/live-policy.js";
import { type Attribution, attribute } from "../../src/deploy/saliency.js";
import type { RecordedFrame } from "../../src/recording/recording.js";
import type { Prediction } from "./predicted-places.js";
import { predictedPlaces } from "./predicted-places.js";
import type { Explanation, Reason } from "./protocol.js";
import type { SeenEpisode } from "./seen-episode.worker.js";

/** Explain what `policy` says of a frame; throws an Error in plain words where it cannot. */
export async function explain(
  policy: LivePolicy,
  episode: SeenEpisode,
  index: number,
  output: Explained,
  method: "gradient" | "integrated",
): Promise<Explanation> {
  const { document } = policy;
  const frame = episode.frames[index]!;
  if (output === "value" && document.privileged && !frame.privileged) {
    throw new Error(
      "The critic reads the full state, which this recording does not hold. Record the episode again.",
    );
  }
  const before = await episode.memoryBefore(policy, index);
  const sensed = episode.sensed(index, policy);
  const slopes = await policy.gradients(sensed, output, before);
  const attribution = method === "integrated" ? await attribute(policy, sensed, output, before) : undefined;
  const predictions = predictionsOf(policy, slopes, frame);
  return {
    output: slopes.output,
    reasons: reasonsOf(policy, sensed, output, slopes, attribution),
    ...(document.cameras ? pixelsOf(document.cameras.length, slopes, attribution) : {}),
    ...(attribution ? { difference: attribution.difference, error: attribution.error } : {}),
    ...(predictions.length > 0 ? { predictions, places: placesOf(predictions, episode, frame) } : {}),
  };
}

/** Only entries that can count: actors do not read the full state, and a critic that does reads nothing else. */
function reasonsOf(
  { document, typical }: LivePolicy,
  { observation }: LiveObservation,
  output: Explained,
  { gradient }: OutputGradients,
  attribution: Attribution | undefined,
): Reason[] {
  const { observation: own, privileged = [] } = document;
  const [first, entries] = output === "value" && privileged.length > 0 ? [own.length, privileged] : [0, own];
  return entries.map(({ name, unit }, k) => {
    const entry = first + k;
    const [slope, deviation] = [gradient[entry]!, typical.deviation[entry]!];
    const weight = attribution ? attribution.shares[entry]! : slope * deviation;
    return { name, unit, value: observation[entry]!, gradient: slope, deviation, weight };
  });
}

/** Sum each pixel's channels up: signed shares, or the length of the gradient. */
function pixelsOf(
  numCameras: number,
  { imageGradient }: OutputGradients,
  attribution: Attribution | undefined,
): Pick<Explanation, "pixels" | "imageShare"> {
  const bytes = attribution?.imageShares ?? imageGradient!;
  const channels = 3 * numCameras;
  const pixels = Array.from({ length: numCameras }, (_, camera) => {
    const weights = new Float32Array(bytes.length / channels);
    for (const [pixel] of weights.entries()) {
      const o = pixel * channels + 3 * camera;
      const [r, g, b] = [bytes[o]!, bytes[o + 1]!, bytes[o + 2]!];
      weights[pixel] = attribution ? r + g + b : Math.sqrt(r * r + g * g + b * b);
    }
    return weights;
  });
  if (!attribution) return { pixels };
  return { pixels, imageShare: bytes.reduce((sum, share) => sum + share, 0) };
}

function predictionsOf(
  { document }: LivePolicy,
  { predicted }: OutputGradients,
  { privileged }: RecordedFrame,
): Prediction[] {
  const { observation, privileged: hidden = [], predicts = [] } = document;
  if (!predicted) return [];
  return predicts.map((entry, k) => {
    const { name, unit } = hidden[entry - observation.length]!;
    return { name, unit, predicted: predicted[k]!, actual: privileged?.[entry - observation.length] ?? null };
  });
}

function placesOf(
  predictions: readonly Prediction[],
  { header, eyes }: SeenEpisode,
  frame: RecordedFrame,
): NonNullable<Explanation["places"]> {
  const known = new Map(header.observationNames.map((name, k) => [name, frame.observation[k]!]));
  return predictedPlaces(predictions, known).map((place) => ({
    ...place,
    pixels: eyes?.project(place.predicted, frame) ?? [],
  }));
}
