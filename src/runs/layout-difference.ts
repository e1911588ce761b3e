// Where the observations and actions of two environments differ, as words for a message.
import type { EnvInfo } from "../env/env.js";

/** What differs, and how it is on either side. */
export interface Difference {
  readonly what: string;
  readonly theirs: string;
  readonly ours: string;
}

/** Return the first entry of `kind` whose name differs; undefined where all agree. */
export function namesDifference(
  kind: string,
  theirs: readonly { readonly name: string }[],
  ours: readonly { readonly name: string }[],
): Difference | undefined {
  return firstDifference(
    kind,
    theirs.map(({ name }) => name),
    ours.map(({ name }) => name),
  );
}

/** Return the first action whose name or meaning in physical units differs; undefined where all agree. */
export function actionsDifference(
  theirs: EnvInfo["action"],
  ours: EnvInfo["action"],
): Difference | undefined {
  const described = (entries: EnvInfo["action"]) =>
    entries.map(({ name, scale, offset }) => `${name} = ${scale} a + ${offset}`);
  return firstDifference("action", described(theirs), described(ours));
}

/** Return the first camera whose name or size differs; undefined where all agree. */
export function camerasDifference(theirs: EnvInfo["image"], ours: EnvInfo["image"]): Difference | undefined {
  const described = (image: EnvInfo["image"]) =>
    (image?.cameras ?? []).map(({ name, width, height }) => `${name} ${width} x ${height}`);
  return firstDifference("camera", described(theirs), described(ours));
}

function firstDifference(
  kind: string,
  theirs: readonly string[],
  ours: readonly string[],
): Difference | undefined {
  for (let k = 0; k < Math.max(theirs.length, ours.length); k++) {
    const [a, b] = [theirs[k] ?? "none", ours[k] ?? "none"];
    if (a !== b) return { what: `${kind} ${k}`, theirs: a, ours: b };
  }
  return undefined;
}
