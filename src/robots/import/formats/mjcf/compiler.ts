// What <compiler> says: how numbers of the file are meant.
import { UsageError } from "../../../../math/usage-error.js";
import type { XmlElement } from "../xml.js";
import { mistake, numberOf, numbersOf } from "../xml-values.js";
import type { AngleUnits } from "./poses.js";

/** Settings of the whole file. */
export interface CompilerSettings extends AngleUnits {
  /** Joints and actuators with a range are limited. */
  readonly autolimits: boolean;
  /** Folder of the mesh files. */
  readonly meshdir: string;
  /** Only the names of mesh files count, not their folders. */
  readonly strippath: boolean;
  readonly balanceInertia: boolean;
  /** Least mass, kg, and least principal moment, kg m², of a body. */
  readonly boundMass: number;
  readonly boundInertia: number;
  /** Whether geoms give a body its inertia; default where it has no <inertial>. */
  readonly inertiaFromGeom: "auto" | "true" | "false";
  /** Groups of the geoms that weigh. */
  readonly inertiaGroups: readonly [first: number, last: number];
  /** kg; missing where masses stay as they are. */
  readonly totalMass?: number;
}

/** Read all `<compiler>` elements of the file, later ones winning. */
export function readCompiler(sections: readonly XmlElement[]): CompilerSettings {
  const attributes = new Map(sections.flatMap((section) => [...section.attributes]));
  const last = sections.at(-1);
  const element: XmlElement = {
    name: "compiler",
    attributes,
    children: [],
    text: "",
    file: last?.file ?? "",
    line: last?.line ?? 1,
  };
  if (attributes.get("coordinate") === "global") {
    throw new UsageError(
      `${element.file}:${element.line}: coordinate="global" is not read, as MuJoCo since 2.3.4 does not. ` +
        "Load the file in MuJoCo 2.3.3 and save it: mj_saveLastXML writes local coordinates.",
    );
  }
  const flag = (name: string, fallback: boolean) =>
    choice(element, name, ["true", "false"], fallback ? "true" : "false") === "true";
  const eulerSequence = attributes.get("eulerseq") ?? "xyz";
  if (!/^[xyz]{3}$/i.test(eulerSequence)) {
    throw mistake(element, `eulerseq="${eulerSequence}" is not three letters of x, y, z, X, Y, Z`);
  }
  const [first, end] = numbersOf(element, "inertiagrouprange", { count: 2, fallback: [0, 5] });
  const totalMass = numberOf(element, "settotalmass", { fallback: -1 });
  return {
    radians: choice(element, "angle", ["degree", "radian"], "degree") === "radian" ? 1 : Math.PI / 180,
    eulerSequence,
    autolimits: flag("autolimits", true),
    meshdir: attributes.get("meshdir") ?? attributes.get("assetdir") ?? "",
    strippath: flag("strippath", false),
    balanceInertia: flag("balanceinertia", false),
    boundMass: numberOf(element, "boundmass", { fallback: 0 }),
    boundInertia: numberOf(element, "boundinertia", { fallback: 0 }),
    inertiaFromGeom: choice(element, "inertiafromgeom", ["false", "true", "auto"], "auto"),
    inertiaGroups: [first!, end!],
    ...(totalMass > 0 ? { totalMass } : {}),
  };
}

/** Read one of a few words. */
export function choice<Word extends string>(
  element: XmlElement,
  attribute: string,
  words: readonly Word[],
  fallback: NoInfer<Word>,
): Word {
  const text = element.attributes.get(attribute);
  if (text === undefined) return fallback;
  const word = words.find((known) => known === text.trim());
  if (word) return word;
  throw mistake(
    element,
    `${attribute}="${text}" of <${element.name}> is not known; known: ${words.join(", ")}`,
  );
}
