// Attacks within a ball around each input: random noise, FGSM, PGD with restarts, patches.
import { createRandom, type Random } from "../math/random.js";
import { UsageError } from "../math/usage-error.js";
import type { AttackedModel, AttackedRows, InputRange, RowOutcomes } from "./attacked-model.js";

/** An attack, as plain data. Strengths are shares of an input's range: of 255 for bytes, of a standard deviation for standardised inputs. */
export type Attack =
  | {
      /** Uniform in the ball. */
      readonly kind: "noise";
      /** L-infinity radius. */
      readonly strength: number;
      /** Draws, of which the worst counts. Default 1. */
      readonly restarts?: number;
    }
  | {
      /** One step along the sign of the gradient (Goodfellow, Shlens & Szegedy, 2015). */
      readonly kind: "fgsm";
      /** L-infinity radius. */
      readonly strength: number;
    }
  | {
      /** Steps along the sign of the gradient from a random start (Madry et al., 2018). */
      readonly kind: "pgd";
      /** L-infinity radius. */
      readonly strength: number;
      /** Default 40. */
      readonly steps?: number;
      /** Share of the strength that a step goes. Default 0.1, and at least 2.5 / steps. */
      readonly step?: number;
      /** Starts, of which the worst counts. Default 1. */
      readonly restarts?: number;
    }
  | {
      /** A square of an image whose pixels may have any colour, found by PGD, placed at random for each row. */
      readonly kind: "patch";
      /** Its side as a share of the shorter side of the image. */
      readonly strength: number;
      /** Default 40. */
      readonly steps?: number;
      /** Places, of which the worst counts. Default 1. */
      readonly restarts?: number;
    };

/** The rows as the attack left them, the worst of each over the restarts, and what the model makes of them. */
export interface AttackOutcome extends RowOutcomes {
  /** By attacked input. [rows * size] */
  readonly inputs: Readonly<Record<string, Float32Array>>;
}

/** Shape of each attacked input, which a patch is cut from. */
export type InputShapes = Readonly<Record<string, { readonly shape: readonly number[] }>>;

/**
 * Attack rows and keep, for each, the inputs that make it worst: wrong rather than right, then by its loss. The clean row counts as a
 * try, so that no attack helps; the same seed gives the same bits.
 */
export async function attackRows(
  model: AttackedModel,
  clean: AttackedRows,
  attack: Attack,
  shapes: InputShapes,
  seed: number | string = 0,
): Promise<AttackOutcome> {
  const names = Object.keys(model.ranges);
  if (attack.kind === "patch") requireImage(names, shapes);
  const start = Object.fromEntries(names.map((name) => [name, Float32Array.from(clean.inputs[name]!)]));
  let worst: AttackOutcome = { ...(await model.evaluate(clean)), inputs: start };
  const restarts = attack.kind === "fgsm" ? 1 : (attack.restarts ?? 1);
  for (let restart = 0; restart < restarts; restart++) {
    const random = createRandom(`${seed}/attack/${attack.kind}/${restart}`);
    const inputs = await tried(model, clean, attack, shapes, random);
    const outcome = await model.evaluate({ ...clean, inputs: { ...clean.inputs, ...inputs } });
    worst = worseRows(worst, { ...outcome, inputs }, model.rows);
  }
  return worst;
}

/** Bring rows that an attack left between two bytes onto bytes; those of other inputs stay. */
export function roundedToBytes(
  { ranges }: AttackedModel,
  inputs: Readonly<Record<string, Float32Array>>,
): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, values]) => [
      name,
      Number.isFinite(ranges[name]!.high) ? values.map(Math.round) : values,
    ]),
  );
}

function requireImage(names: readonly string[], shapes: InputShapes): void {
  if (names.some((name) => shapes[name]!.shape.length === 3)) return;
  throw new UsageError(
    `A patch is put on an image, and none of the attacked inputs is one (${names.join(", ")}). Choose noise, fgsm or pgd.`,
  );
}

async function tried(
  model: AttackedModel,
  clean: AttackedRows,
  attack: Attack,
  shapes: InputShapes,
  random: Random,
): Promise<Record<string, Float32Array>> {
  const everywhere = mapRanges(model, (_, name) => new Float32Array(clean.inputs[name]!.length).fill(1));
  switch (attack.kind) {
    case "noise":
      return noisy(model, clean, attack.strength, random);
    case "fgsm": {
      const { strength } = attack;
      return model.ascend(clean, clean, { strength, step: strength, free: everywhere });
    }
    case "pgd": {
      const { strength, steps = 40, step = Math.max(0.1, 2.5 / steps) } = attack;
      const ball = { strength, step: step * strength, free: everywhere };
      return climbed(model, clean, noisy(model, clean, strength, random), ball, steps);
    }
    case "patch": {
      const { steps = 40 } = attack;
      const free = mapRanges(model, (_, name) =>
        patchOf(shapes[name]!.shape, model.rows, attack.strength, random),
      );
      // a ball over the whole range: any colour
      return climbed(
        model,
        clean,
        noisyIn(model, clean, free, random),
        { strength: 1, step: 0.1, free },
        steps,
      );
    }
  }
}

async function climbed(
  model: AttackedModel,
  clean: AttackedRows,
  start: Record<string, Float32Array>,
  ball: Parameters<AttackedModel["ascend"]>[2],
  steps: number,
): Promise<Record<string, Float32Array>> {
  let inputs = start;
  for (let k = 0; k < steps; k++)
    inputs = await model.ascend({ ...clean, inputs: { ...clean.inputs, ...inputs } }, clean, ball);
  return inputs;
}

function noisy(
  model: AttackedModel,
  clean: AttackedRows,
  strength: number,
  random: Random,
): Record<string, Float32Array> {
  return mapRanges(model, ({ reach, low, high }, name) =>
    Float32Array.from(clean.inputs[name]!, (value, k) => {
      const limit = strength * reach[k % reach.length]!;
      return Math.min(high, Math.max(low, value + random.uniform(-limit, limit)));
    }),
  );
}

/** Noise over the whole range where numbers are free. */
function noisyIn(
  model: AttackedModel,
  clean: AttackedRows,
  free: Readonly<Record<string, Float32Array>>,
  random: Random,
): Record<string, Float32Array> {
  const all = noisy(model, clean, 1, random);
  return mapRanges(model, (_, name) =>
    Float32Array.from(clean.inputs[name]!, (value, k) => (free[name]![k] === 1 ? all[name]![k]! : value)),
  );
}

/** 1 in a square of each row's image. */
function patchOf(shape: readonly number[], rows: number, share: number, random: Random): Float32Array {
  const [height = 1, width = 1, channels = 1] = shape;
  const free = new Float32Array(rows * height * width * channels);
  if (shape.length !== 3) return free;
  const side = Math.round(share * Math.min(height, width));
  for (let row = 0; row < rows; row++) {
    const [top, left] = [random.integer(height - side + 1), random.integer(width - side + 1)];
    for (let y = top; y < top + side; y++) {
      const begin = ((row * height + y) * width + left) * channels;
      free.fill(1, begin, begin + side * channels);
    }
  }
  return free;
}

/** Of each row the outcome that is worse. */
function worseRows(a: AttackOutcome, b: AttackOutcome, rows: number): AttackOutcome {
  const taken = Uint8Array.from({ length: rows }, (_, row) => {
    const [rightA, rightB] = [a.right?.[row] ?? 0, b.right?.[row] ?? 0];
    return rightA === rightB ? Number(b.losses[row]! > a.losses[row]!) : Number(rightB < rightA);
  });
  const mixed = <Values extends Float32Array | Uint8Array>(of: Values, other: Values): Values => {
    const result = of.slice() as Values;
    const size = of.length / rows;
    for (let row = 0; row < rows; row++)
      if (taken[row] === 1) result.set(other.subarray(row * size, (row + 1) * size), row * size);
    return result;
  };
  return {
    losses: mixed(a.losses, b.losses),
    output: mixed(a.output, b.output),
    ...(a.right && b.right ? { right: mixed(a.right, b.right) } : {}),
    inputs: Object.fromEntries(
      Object.entries(a.inputs).map(([name, values]) => [name, mixed(values, b.inputs[name]!)]),
    ),
  };
}

function mapRanges(
  { ranges }: AttackedModel,
  make: (range: InputRange, name: string) => Float32Array,
): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(ranges).map(([name, range]) => [name, make(range, name)]));
}
