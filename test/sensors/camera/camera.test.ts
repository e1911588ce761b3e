import { describe, expect, test } from "vitest";
import { quaternionFromAxisAngle, rotateVector } from "../../../src/math/quaternion.js";
import { createRandom, type Random } from "../../../src/math/random.js";
import type { Vec3 } from "../../../src/math/vector.js";
import type { SceneDescription, ShapeGeometry, SolidShape } from "../../../src/scene/scene.js";
import { Camera } from "../../../src/sensors/camera/camera.js";
import { FLOOR_HEIGHT, PLAIN_LOOK } from "../../../src/sensors/camera/shading/look.js";
import { AT_ORIGIN, cameraAt, object, type Pose, posesOf, sceneOf } from "./scenes.js";

const WIDTH = 33;
const HEIGHT = 25;
const CENTRE = 12 * WIDTH + 16;
const FRONT = cameraAt({ eye: [0, -2, 1], target: [0, 0, 1] });
const [SINE, COSINE] = [Math.sin(Math.PI / 8), Math.cos(Math.PI / 8)];
/** A turn by 45 degrees about z, and by 90 about x. */
const DIAGONAL: Pose = [0, 0, 1, 0, 0, SINE, COSINE];
const LYING: Pose = [0, 0, 1, Math.SQRT1_2, 0, 0, Math.SQRT1_2];
const UPRIGHT: Pose = [0, 0, 1, 0, 0, 0, 1];
const CORNERS: Vec3[] = [
  [0.5, 0, 0],
  [-0.5, 0, 0],
  [0, 0.5, 0],
  [0, -0.5, 0],
  [0, 0, 0.5],
  [0, 0, -0.5],
];

describe("the depth along the middle of the picture is that of the formula", () => {
  test.each([
    ["a sphere", { type: "sphere", radius: 0.5 }, UPRIGHT, 1.5],
    ["a box", { type: "box", size: [1, 0.6, 0.4] }, UPRIGHT, 1.7],
    ["a box turned by 45 degrees", { type: "box", size: [1, 0.6, 0.4] }, DIAGONAL, 2 - 0.3 * Math.SQRT2],
    ["the side of a cylinder", { type: "cylinder", radius: 0.3, length: 1 }, UPRIGHT, 1.7],
    ["the lid of a cylinder", { type: "cylinder", radius: 0.3, length: 1 }, LYING, 1.5],
    ["the side of a capsule", { type: "capsule", radius: 0.3, length: 1 }, UPRIGHT, 1.7],
    ["the end of a capsule", { type: "capsule", radius: 0.3, length: 1 }, LYING, 1.2],
    ["an octahedron, at a corner", { type: "convex", points: CORNERS }, UPRIGHT, 1.5],
    ["an octahedron, at an edge", { type: "convex", points: CORNERS }, DIAGONAL, 2 - 0.5 * Math.SQRT1_2],
  ] as const)("%s", (_, geometry, pose, depth) => {
    const camera = new Camera(sceneOf(object("thing", geometry)), FRONT);
    camera.render(posesOf(pose));
    expect(camera.depth(new Float32Array(WIDTH * HEIGHT))[CENTRE]).toBeCloseTo(depth, 6);
  });

  test("the floor from above, and the sky that has none", () => {
    const down = new Camera(sceneOf(), cameraAt({ eye: [0.3, 0.2, 1.5], target: [0.3, 0.2, 0] }));
    down.render(posesOf());
    const depth = down.depth(new Float32Array(WIDTH * HEIGHT));
    // depth along the direction of view is the same in all of the picture
    expect(Math.max(...depth)).toBeCloseTo(1.5 - FLOOR_HEIGHT, 6);
    expect(Math.min(...depth)).toBeCloseTo(1.5 - FLOOR_HEIGHT, 6);
    const up = new Camera(sceneOf(), cameraAt({ eye: [0, 0, 1], target: [0, 1, 2] }));
    up.render(posesOf());
    expect(up.depth(new Float32Array(WIDTH * HEIGHT)).every((value) => value === Infinity)).toBe(true);
  });
});

/** Distance from a point to a shape in its own frame; of convex ones at most that. */
function distanceTo(shape: ShapeGeometry, [x, y, z]: Vec3): number {
  if (shape.type === "sphere") return Math.hypot(x, y, z) - shape.radius;
  if (shape.type === "convex") return (Math.abs(x) + Math.abs(y) + Math.abs(z) - 0.1) / Math.sqrt(3);
  if (shape.type === "box") {
    const out = [x, y, z].map((value, k) => Math.abs(value) - shape.size[k]! / 2);
    return Math.hypot(...out.map((value) => Math.max(value, 0))) + Math.min(Math.max(...out), 0);
  }
  if (shape.type === "capsule") {
    const half = shape.length / 2;
    return Math.hypot(x, y, z - Math.max(-half, Math.min(half, z))) - shape.radius;
  }
  const out = [Math.hypot(x, y) - shape.radius, Math.abs(z) - shape.length / 2];
  return Math.hypot(...out.map((value) => Math.max(value, 0))) + Math.min(Math.max(...out), 0);
}

/** Walk along a ray by the distance to what is nearest; returns how far it goes, at most `far`, and what it meets. */
function march(
  scene: SceneDescription,
  poses: Float64Array,
  from: Vec3,
  way: Vec3,
  start: number,
  far: number,
) {
  for (let t = start; t < far; ) {
    const point = from.map((value, k) => value + t * way[k]!) as unknown as Vec3;
    let nearest = Number.POSITIVE_INFINITY;
    let label = 0;
    for (const [index, { shapes }] of scene.entities.entries()) {
      const [x, y, z, qx, qy, qz, qw] = poses.subarray(7 * index, 7 * index + 7) as unknown as Pose;
      const local = rotateVector([-qx, -qy, -qz, qw], [point[0] - x, point[1] - y, point[2] - z]);
      const away = distanceTo(shapes[0] as SolidShape, local);
      if (away < nearest) {
        nearest = away;
        label = index + 1;
      }
    }
    if (nearest < 1e-7) return { t, label };
    t += nearest;
  }
  return { t: far, label: 0 };
}

function randomScene(random: Random) {
  const shapes: ShapeGeometry[] = [
    { type: "sphere", radius: 0.09 },
    { type: "box", size: [0.2, 0.12, 0.08] },
    { type: "cylinder", radius: 0.06, length: 0.2 },
    { type: "capsule", radius: 0.05, length: 0.16 },
    { type: "convex", points: CORNERS.map((corner) => corner.map((v) => v / 5) as unknown as Vec3) },
  ];
  const entities = shapes.map((shape, k) => object(`thing ${k}`, shape));
  const poses = shapes.map((): Pose => {
    const axis = [random.normal(), random.normal(), random.normal()];
    const length = Math.hypot(...axis);
    const unit = axis.map((value) => value / length) as unknown as Vec3;
    const turn = quaternionFromAxisAngle(unit, random.uniform(-Math.PI, Math.PI));
    return [random.uniform(-0.25, 0.25), random.uniform(-0.25, 0.25), random.uniform(0.15, 0.4), ...turn];
  });
  const table = object("table", { type: "box", size: [1.5, 1.5, 0.04] }, "table");
  return { scene: sceneOf(table, ...entities), poses: posesOf([0, 0, -0.02, 0, 0, 0, 1], ...poses) };
}

const SEED = 7;
const LIGHT: Vec3 = [0.4, -0.3, 0.8660254037844386];

test(`every pixel shows what walking along its ray meets, at its depth, lit or in shadow (seed ${SEED})`, () => {
  const random = createRandom(`camera/${SEED}`);
  let [pixels, wrong, dark] = [0, 0, 0];
  for (let round = 0; round < 6; round++) {
    const { scene, poses } = randomScene(random);
    const eye: Vec3 = [random.uniform(-0.9, 0.9), -1, random.uniform(0.5, 1)];
    const description = cameraAt({ eye: [...eye], target: [0, 0, 0.15], fovDeg: 36 });
    const look = {
      ...PLAIN_LOOK,
      light: [...LIGHT] as [number, number, number],
      shadows: true,
      ambient: 0.5,
      diffuse: 0.5,
    };
    const camera = new Camera(scene, description, look);
    const rgb = camera.render(poses);
    const depth = camera.depth(new Float32Array(WIDTH * HEIGHT));
    const labels = camera.segmentation(new Uint16Array(WIDTH * HEIGHT));
    const tangent = Math.tan((36 * Math.PI) / 360);
    for (let o = 0; o < labels.length; o++) {
      const u = (((2 * (o % WIDTH) + 1) / WIDTH - 1) * tangent * WIDTH) / HEIGHT;
      const v = (1 - (2 * Math.floor(o / WIDTH) + 1) / HEIGHT) * tangent;
      const length = Math.hypot(u, v, 1);
      const way = rotateVector(description.quaternion, [u / length, v / length, -1 / length]);
      const met = march(scene, poses, eye, way, 0, 3);
      pixels++;
      if (met.label !== labels[o]) {
        wrong++;
        continue;
      }
      if (met.label === 0) continue;
      // walking stops a little before a surface that it meets at a small angle
      expect(Math.abs(depth[o]! - met.t / length)).toBeLessThan(1e-4);
      const point = eye.map((value, k) => value + met.t * way[k]!) as unknown as Vec3;
      const shaded = march(scene, poses, point, LIGHT, 2e-3, 2).label !== 0;
      const isDark = rgb[3 * o]! <= 64;
      if (isDark) dark++;
      if (met.label === 1 && shaded !== isDark) wrong++;
    }
  }
  // rays along an edge may go either way
  expect(wrong / pixels).toBeLessThan(0.005);
  expect(dark).toBeGreaterThan(100);
});

test("the shadow of a box lies where the light's slope puts it", () => {
  const scene = sceneOf(
    object("table", { type: "box", size: [2, 2, 0.04] }, "table"),
    object("cube", { type: "box", size: [0.2, 0.2, 0.2] }),
  );
  const above = cameraAt({ eye: [0, 0, 2], target: [0, 0, 0], fovDeg: 30 });
  const camera = new Camera(scene, above, { ...PLAIN_LOOK, light: [1, 0, 1], shadows: true });
  const rgb = camera.render(posesOf([0, 0, -0.02, 0, 0, 0, 1], [0, 0, 0.1, 0, 0, 0, 1]));
  const labels = camera.segmentation(new Uint16Array(WIDTH * HEIGHT));
  const slope = Math.tan((15 * Math.PI) / 180);
  let inShadow = 0;
  for (let o = 0; o < labels.length; o++) {
    if (labels[o] !== 1) continue;
    // up in the picture is x, right is -y
    const x = 2 * (1 - (2 * Math.floor(o / WIDTH) + 1) / HEIGHT) * slope;
    const y = -2 * ((((2 * (o % WIDTH) + 1) / WIDTH - 1) * WIDTH) / HEIGHT) * slope;
    const isDark = rgb[3 * o] === Math.round(0.4 * 0.5 * 255);
    const expected = x > -0.3 && x < -0.1 && Math.abs(y) < 0.1;
    if (expected) inShadow++;
    expect([o, isDark]).toEqual([o, expected]);
  }
  expect(inShadow).toBe(20);
});

test("a picture does not depend on what the camera drew before: not with shadows, not on a link", () => {
  const random = createRandom("camera/history");
  const hand = object("hand", { type: "sphere", radius: 0.03 }, "link");
  const [first, second] = [randomScene(random), randomScene(random)];
  const scene = sceneOf(...first.scene.entities, hand);
  const posed = (poses: Float64Array, x: number) =>
    Float64Array.from([...poses, x, -0.9, 0.6, 0.1, 0, 0, Math.sqrt(1 - 0.01)]);
  const [one, other] = [posed(first.poses, 0), posed(second.poses, 0.1)];
  const onLink = cameraAt({ link: "hand", eye: [0, 0, 0], target: [0, 0.9, -0.6] });
  for (const description of [cameraAt({ eye: [0.3, -1, 0.7], target: [0, 0, 0.1] }), onLink]) {
    for (const shadows of [false, true]) {
      const look = { ...PLAIN_LOOK, shadows };
      const used = new Camera(scene, description, look);
      const before = used.render(one).slice();
      used.render(other);
      const again = used.render(one).slice();
      expect(again).toEqual(before);
      used.render(other);
      expect(used.rgb).toEqual(new Camera(scene, description, look).render(other));
      expect(used.rgb).not.toEqual(before);
    }
  }
});

test("an overlaid goal shines through what hides it, and a disc lies on the table below it", () => {
  const goal = object("goal", { type: "sphere", radius: 0.05 }, "goal");
  const scene = sceneOf(
    object("table", { type: "box", size: [2, 2, 0.04] }, "table"),
    object("wall", { type: "box", size: [1, 0.05, 0.2] }),
    goal,
  );
  const poses = posesOf([0, 0, -0.02, 0, 0, 0, 1], [0, -0.5, 0.1, 0, 0, 0, 1], [0, 0, 0.1, 0, 0, 0, 1]);
  const seen = (goalMarker: "solid" | "overlay" | "hidden", goalFootprint: boolean) => {
    const camera = new Camera(
      scene,
      cameraAt({ eye: [0, -1, 0.1], target: [0, 0, 0.1], goalMarker, goalFootprint }),
    );
    return camera.render(poses).slice(3 * CENTRE, 3 * CENTRE + 3);
  };
  expect(seen("solid", false)).toEqual(seen("hidden", false));
  const [under, over] = [seen("hidden", false), seen("overlay", false)];
  const color = [0.5, 0.4, 0.6].map((value) => 255 * value);
  expect([...over]).toEqual([...under].map((value, k) => Math.round(0.4 * value + 0.6 * color[k]!)));
  const above = cameraAt({ eye: [0, 0, 1], target: [0, 0, 0], goalMarker: "hidden", goalFootprint: true });
  const labels = (description: typeof above) => {
    const camera = new Camera(scene, description);
    camera.render(poses);
    return camera.segmentation(new Uint16Array(WIDTH * HEIGHT));
  };
  const area = labels(above).filter((label) => label === 3).length;
  // a disc of radius 6 cm, a pixel being 2 tan(20°) / 25 m wide on the table
  const pixel = (2 * Math.tan(Math.PI / 9)) / HEIGHT;
  expect(Math.abs(area * pixel ** 2 - Math.PI * 0.06 ** 2)).toBeLessThan(0.15 * Math.PI * 0.06 ** 2);
  expect(labels({ ...above, goalFootprint: false })).not.toContain(3);
});

test("textures stay with what they are on, noise has its deviation and its frame, and blur spreads an edge", () => {
  const scene = sceneOf(object("block", { type: "box", size: [0.4, 0.4, 0.4] }));
  const paint = {
    shift: [0, 0, 0] as [number, number, number],
    texture: "checker" as const,
    size: 0.1,
    contrast: 0.5,
  };
  const description = cameraAt({ eye: [0, 0, 2], target: [0, 0, 0], fovDeg: 20 });
  const checkered = new Camera(scene, description, { ...PLAIN_LOOK, paints: { block: paint } });
  const fields = new Set(checkered.render(posesOf(AT_ORIGIN)).filter((_, o) => o % 3 === 0));
  const plain = new Camera(scene, description).render(posesOf(AT_ORIGIN))[3 * CENTRE]!;
  expect(fields).toContain(plain);
  expect([...fields].filter((value) => Math.abs(value - plain / 2) <= 1)).toHaveLength(1);
  const noisy = new Camera(scene, description, { ...PLAIN_LOOK, noise: 5, seed: 3 });
  const clean = new Camera(scene, description).render(posesOf(AT_ORIGIN));
  const first = noisy.render(posesOf(AT_ORIGIN), 0).slice();
  const differences = [...first].map((value, o) => value - clean[o]!);
  const deviation = Math.sqrt(differences.reduce((sum, d) => sum + d * d, 0) / differences.length);
  expect(Math.abs(deviation - 5)).toBeLessThan(0.3);
  expect(noisy.render(posesOf(AT_ORIGIN), 1)).not.toEqual(first);
  expect(noisy.render(posesOf(AT_ORIGIN), 0)).toEqual(first);
  const blurred = new Camera(scene, description, { ...PLAIN_LOOK, blur: 1 }).render(posesOf(AT_ORIGIN));
  // a pixel is the mean of its 3 x 3 neighbours, rounded once along rows and once along columns
  const o = 3 * (8 * WIDTH + 11);
  let sum = 0;
  for (const row of [-1, 0, 1])
    for (const column of [-1, 0, 1]) sum += clean[o + 3 * (row * WIDTH + column)]!;
  expect(Math.abs(blurred[o]! - sum / 9)).toBeLessThan(1.01);
});
