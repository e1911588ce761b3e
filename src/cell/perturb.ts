// What disturbs the world of a robot cell besides its actions.
import type { DrawnValues } from "../env/simulation.js";
import { UsageError } from "../math/usage-error.js";
import type { World } from "../physics/world.js";
import type { Perturbation } from "../scene/perturbation.js";

/** Pull where that is asked for, and return the episode's values with the masses and the friction that are asked for. */
export function perturb(
  world: World,
  values: DrawnValues,
  { pull, mass, friction }: Perturbation,
): DrawnValues {
  const bodies = world.freeBodies.map(({ name }) => name);
  const links = world.articulation?.model.links.map(({ name }) => name) ?? [];
  if (pull) world.pull({ ...pull, name: requireKnown(pull.entity, [...bodies, ...links]) });
  for (const entity of Object.keys(mass ?? {})) requireKnown(entity, bodies);
  const objectMass = bodies.map((name, index) => mass?.[name] ?? values.objectMass?.[index] ?? 1);
  return {
    ...values,
    ...(mass ? { objectMass } : {}),
    ...(friction === undefined ? {} : { friction: [friction] }),
  };
}

function requireKnown(entity: string, names: readonly string[]): string {
  if (names.includes(entity)) return entity;
  throw new UsageError(`There is no "${entity}" that a hand could move. There are: ${names.join(", ")}.`);
}
