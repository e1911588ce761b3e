// How the links of an articulation hang on one another, as the joints of a scene.
import type { LinkModel } from "../../physics/articulation/articulation-model.js";
import type { SceneJoint } from "../../scene/scene.js";

/** How links are called as entities. */
interface EntityIds {
  /** Id of the entity that links with parent -1 hang on; undefined: they hang on nothing. */
  readonly base?: string;
  /** Default: by their names. */
  readonly idOf?: (link: string) => string;
}

/** Return the joint of each of `links` to its parent; parents are counted within `links`. */
export function sceneJoints(
  links: readonly LinkModel[],
  { base, idOf = (link) => link }: EntityIds = {},
): SceneJoint[] {
  return links.flatMap((link): SceneJoint[] => {
    const parent = link.parent < 0 ? base : idOf(links[link.parent]!.name);
    if (parent === undefined) return [];
    const child = idOf(link.name);
    const { position, quaternion, joint } = link;
    const place = { parent, child, position, quaternion };
    if (!joint) return [{ name: `${parent}_to_${child}`, type: "fixed", ...place }];
    const { name, type, axis, lower, upper, effortLimit, velocityLimit, mimic, mimicRatio } = joint;
    const isBounded = Number.isFinite(lower) && Number.isFinite(upper);
    const strength = Object.entries({ effortLimit, velocityLimit }).filter(([, limit]) =>
      Number.isFinite(limit),
    );
    return [
      {
        ...{ name, type, ...place, axis },
        ...(isBounded ? { limits: [lower, upper] as const } : {}),
        ...Object.fromEntries(strength),
        ...(mimic === undefined ? {} : { mimic }),
        ...(mimicRatio === undefined ? {} : { mimicRatio }),
      },
    ];
  });
}
