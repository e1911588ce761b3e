// How the links of an articulation hang on one another, as the joints of a scene.
import type { LinkModel } from "../../physics/articulation/articulation-model.js";
import type { SceneJoint } from "../../scene/scene.js";

/**
 * Return the joint of each of `links` to its parent; those whose parent is -1 hang on the entity `base`, or on nothing where it is
 * undefined. Parents are counted within `links`.
 */
export function sceneJoints(links: readonly LinkModel[], base?: string): SceneJoint[] {
  return links.flatMap((link): SceneJoint[] => {
    const parent = link.parent < 0 ? base : links[link.parent]!.name;
    if (parent === undefined) return [];
    const { name: child, position, quaternion, joint } = link;
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
