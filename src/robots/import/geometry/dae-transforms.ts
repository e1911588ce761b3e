// Where a node of a COLLADA scene is in the one above it.
import type { XmlElement } from "../formats/xml.js";
import { type Affine, affineOf, IDENTITY_AFFINE, multiplyAffine } from "./affine.js";
import { numbersOf } from "./dae-elements.js";

/** Return the product of a node's transforms, in their order. */
export function affineOfNode(node: XmlElement): Affine {
  let place = IDENTITY_AFFINE;
  for (const element of node.children) {
    const own = affineOfElement(element);
    if (own?.every(Number.isFinite)) place = multiplyAffine(place, own);
  }
  return place;
}

function affineOfElement(element: XmlElement): Affine | undefined {
  if (!/^(matrix|translate|rotate|scale)$/.test(element.name)) return undefined;
  const values = [...numbersOf(element)];
  if (element.name === "matrix") return values.length === 16 ? values.slice(0, 12) : undefined;
  if (element.name === "translate") return affineOf(values, [0, 0, 0, 1], [1, 1, 1]);
  if (element.name === "scale") return affineOf([0, 0, 0], [0, 0, 0, 1], values);
  const [x = 0, y = 0, z = 1, degrees = 0] = values;
  const half = (degrees * Math.PI) / 360;
  const factor = Math.sin(half) / (Math.hypot(x, y, z) || 1);
  return affineOf([0, 0, 0], [x * factor, y * factor, z * factor, Math.cos(half)], [1, 1, 1]);
}
