// What disturbs the world of a robot cell besides its actions.
import type { DrawnValues } from "../env/simulation.js";
import { UsageError } from "../math/usage-error.js";
import type { World } from "../physics/world.js";
import type { Perturbation } from "../scene/perturbation.js";
import { linkId } from "../scene/scene.js";

/** Pull where that is asked for, and return the episode's values with the masses and the friction that are asked for. */
export function perturb(
  world: World,
  values: DrawnValues,
  { pull, mass, friction }: Perturbation,
): DrawnValues {
  const bodies = world.freeBodies.map(({ name }) => name);
  if (pull) world.pull({ ...pull, ...pulled(world, bodies, pull.entity) });
  for (const entity of Object.keys(mass ?? {})) requireKnown(entity, bodies);
  const objectMass = bodies.map((name, index) => mass?.[name] ?? values.objectMass?.[index] ?? 1);
  return {
    ...values,
    ...(mass ? { objectMass } : {}),
    ...(friction === undefined ? {} : { friction: [friction] }),
  };
}

/** What is pulled: a link of the robot, a free body, or, by its name, a link of a mechanism; older recordings have the robot's so, too. */
function pulled(
  { articulation }: World,
  bodies: readonly string[],
  entity: string,
): { readonly body: number } | { readonly link: number } {
  const links = articulation?.model.links.map(({ name }) => name) ?? [];
  const own = links.findIndex((name) => linkId(name) === entity);
  if (own >= 0) return { link: own };
  if (bodies.includes(entity)) return { body: bodies.indexOf(entity) };
  requireKnown(entity, [...bodies, ...links]);
  return { link: links.lastIndexOf(entity) };
}

function requireKnown(entity: string, names: readonly string[]): void {
  if (names.includes(entity)) return;
  throw new UsageError(`There is no "${entity}" that a hand could move. There are: ${names.join(", ")}.`);
}
