// An image encoder that was trained before, and how a policy takes it over.
import type { ImageSpec } from "../../env/camera-observation.js";
import { optionText, UsageError } from "../../math/usage-error.js";
import type { EncoderName } from "../../nn/image-encoder.js";
import { partNamed } from "../../nn/parameters.js";
import type { Policy } from "../policy.js";

/** An encoder and the cameras that it knows. */
export interface PretrainedEncoder {
  /** What kind of encoder it is. */
  readonly kind: EncoderName;
  /** The pictures that it was trained for. */
  readonly image: ImageSpec;
  /** Parameters "encoder/..." by name. */
  readonly parts: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: Float32Array;
  }[];
}

/** Throw a UsageError that names `file` where a policy with these cameras cannot start from `encoder`. */
export function requireFit(
  { kind, image, parts }: PretrainedEncoder,
  file: string,
  { layout }: Pick<Policy, "layout">,
  wanted: { readonly image: ImageSpec | undefined; readonly encoder: EncoderName; readonly agent: string },
): void {
  const way = "Train another: armgym pretrain.";
  if (!wanted.image || !layout.specs.some(({ name }) => name.startsWith("encoder/"))) {
    throw new UsageError(
      `Agent "${wanted.agent}" reads no images and takes no encoder. Leave ${optionText("encoder")} out, or choose an agent that reads images.`,
    );
  }
  if (kind !== wanted.encoder) {
    throw new UsageError(
      `${file} is an encoder of the kind "${kind}"; training is set to "${wanted.encoder}". Set encoder=${kind}.`,
    );
  }
  for (let k = 0; k < Math.max(image.cameras.length, wanted.image.cameras.length); k++) {
    const [theirs, ours] = [image.cameras[k], wanted.image.cameras[k]];
    if (JSON.stringify(theirs) === JSON.stringify(ours)) continue;
    const describe = (camera: typeof theirs) =>
      camera ? `"${camera.name}" ${camera.width} x ${camera.height}` : "none";
    const [got, expected] = [describe(theirs), describe(ours)];
    throw new UsageError(
      `${file} knows camera ${k} as ${got}; training has ${expected}${got === expected ? ", placed otherwise" : ""}. ${way}`,
    );
  }
  for (const { name, shape } of parts) {
    const own = layout.specs.find((spec) => spec.name === name);
    if (own && own.shape.join() === shape.join()) continue;
    throw new UsageError(
      `${file} has "${name}" of shape [${shape}]; the agent's is ${own ? `[${own.shape}]` : "missing"}. ${way}`,
    );
  }
}

/** Put the parameters of `encoder` in their places in `flat`. */
export function takeEncoder(
  flat: Float32Array,
  { layout }: Pick<Policy, "layout">,
  encoder: PretrainedEncoder,
): void {
  for (const { name, values } of encoder.parts) partNamed(flat, layout, name)!.set(values);
}
