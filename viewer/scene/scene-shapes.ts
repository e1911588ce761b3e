// Shapes of a recording as three.js meshes.
import {
  type BufferGeometry,
  CapsuleGeometry,
  CylinderGeometry,
  LatheGeometry,
  type Material,
  Mesh,
  MeshStandardMaterial,
  type Object3D,
  SphereGeometry,
  Vector2,
  Vector3,
} from "three";
import { ConvexGeometry } from "three/addons/geometries/ConvexGeometry.js";
import { RoundedBoxGeometry } from "three/addons/geometries/RoundedBoxGeometry.js";
import { toCreasedNormals } from "three/addons/utils/BufferGeometryUtils.js";
import type { LatheShape, SceneEntity, SceneShape } from "../../src/scene/scene.js";
import { meshGeometry } from "./mesh-geometries.js";
import { isShared, share } from "./shared-geometries.js";

/** Faces that meet at a smaller angle are one round surface, rad. */
const CREASE = 0.8;
const MOST_TURNED = 500;
/** Turned surfaces by their outline: every recording of a robot has the same ones. */
const turned = new Map<string, BufferGeometry>();

/** Free what `root` holds on the graphics card, but for geometries that other recordings draw as well. */
export function dispose(root: Object3D): void {
  root.traverse((part) => {
    const { geometry, material } = part as { geometry?: BufferGeometry; material?: Material };
    if (geometry && !isShared(geometry)) geometry.dispose();
    material?.dispose();
  });
}

/** Build the mesh of a shape of an entity of `kind`; a mesh's file must have been loaded. */
export function meshOf(shape: SceneShape, kind: SceneEntity["kind"]): Mesh {
  const [r, g, b, a] = shape.color;
  const material = new MeshStandardMaterial({
    roughness: kind === "table" ? 0.85 : 0.42,
    metalness: 0,
    transparent: a < 1,
    opacity: a,
    // what can be seen through must not hide what is behind it
    depthWrite: a === 1,
  });
  material.color.setRGB(r, g, b, "srgb");
  if (kind === "goal") material.emissive.setRGB(r, g, b, "srgb").multiplyScalar(0.35);
  const mesh = new Mesh(geometryOf(shape, kind), material);
  mesh.position.set(...shape.position);
  mesh.quaternion.set(...shape.quaternion);
  // three.js lays capsules and cylinders along y, scenes along z
  if (shape.type === "capsule" || shape.type === "cylinder" || shape.type === "lathe")
    mesh.rotateX(Math.PI / 2);
  mesh.castShadow = a === 1 && kind !== "table" && kind !== "region";
  mesh.receiveShadow = a === 1;
  return mesh;
}

function geometryOf(shape: SceneShape, kind: SceneEntity["kind"]): BufferGeometry {
  if (shape.type === "mesh") return meshGeometry(shape.file, shape.mesh)!;
  if (shape.type === "lathe") {
    return turnedGeometry(shape.profile);
  }
  if (shape.type === "box") {
    // a link's edges are soft, those of a cube that is grasped almost sharp
    const share = kind === "link" ? 0.3 : kind === "object" ? 0.06 : 0.2;
    return new RoundedBoxGeometry(...shape.size, 4, Math.min(0.02, share * Math.min(...shape.size)));
  }
  if (shape.type === "convex") return new ConvexGeometry(shape.points.map((point) => new Vector3(...point)));
  if (shape.type === "sphere") return new SphereGeometry(shape.radius, 40, 24);
  if (shape.type === "capsule") return new CapsuleGeometry(shape.radius, shape.length, 14, 36);
  return new CylinderGeometry(shape.radius, shape.radius, shape.length, 48);
}

function turnedGeometry(profile: LatheShape["profile"]): BufferGeometry {
  const key = JSON.stringify(profile);
  const known = turned.get(key);
  if (known) return known;
  if (turned.size >= MOST_TURNED) {
    for (const old of turned.values()) old.dispose();
    turned.clear();
  }
  const outline = profile.map(([radius, height]) => new Vector2(radius, height));
  const geometry = share(toCreasedNormals(new LatheGeometry(outline, 40), CREASE));
  turned.set(key, geometry);
  return geometry;
}
