// Pictures of parts: the same again, the defect exactly where its mask says, and as strong as it is told to be.
import { expect, test } from "vitest";
import { DOMAINS } from "../../../src/data/defects/domain.js";
import { DEFECT_CLASSES, drawPart, type PartOptions } from "../../../src/data/defects/draw-part.js";
import { PART_SURFACES } from "../../../src/data/defects/surface.js";

const DEFECTS = DEFECT_CLASSES.filter((defect) => defect !== "good");
const CASES = DEFECTS.flatMap((defect) => PART_SURFACES.map((surface) => ({ defect, surface })));

function part(options: Partial<PartOptions> = {}, seed = "test/0") {
  return drawPart(seed, { size: 64, defect: "scratch", surface: "cast", domain: "seen", ...options });
}

test.each(CASES)("a $defect on a $surface surface changes pixels inside of its mask only", (kind) => {
  for (const size of [64, 97]) {
    const { image, mask } = part({ ...kind, size, noise: 0 });
    const twin = part({ ...kind, size, noise: 0, contrast: 0 }).image;
    let [inside, changed] = [0, 0];
    for (let k = 0; k < image.length; k++) {
      if (mask[k] === 0) expect(image[k]).toBe(twin[k]);
      else {
        inside++;
        if (image[k] !== twin[k]) changed++;
      }
    }
    expect(inside).toBeGreaterThanOrEqual(4);
    expect(changed / inside, "share of the mask that differs").toBeGreaterThan(0.8);
  }
});

test.each(CASES)("half the contrast of a $defect on $surface is half the difference", (kind) => {
  // in the middle of the grey levels, so that nothing is clipped
  const seed = firstUnclipped(kind);
  const pictures = [0, 0.5, 1].map((contrast) => part({ ...kind, noise: 0, contrast }, seed));
  const [none, half, full] = pictures.map(({ image }) => image);
  expect(pictures[0]!.contrast).toBe(0);
  expect(pictures[1]!.contrast).toBe(pictures[2]!.contrast / 2);
  let greatest = 0;
  for (let k = 0; k < full!.length; k++) {
    const difference = full![k]! - none![k]!;
    expect(Math.abs(half![k]! - none![k]! - difference / 2)).toBeLessThanOrEqual(1.5);
    greatest = Math.max(greatest, Math.abs(difference));
  }
  expect(
    Math.abs(greatest - pictures[2]!.contrast),
    "the label is the greatest difference",
  ).toBeLessThanOrEqual(1);
});

test("the noise is the same with and without the defect", () => {
  const [picture, twin] = [part({ surface: "glass" }), part({ surface: "glass", contrast: 0 })];
  for (let k = 0; k < picture.image.length; k++)
    if (picture.mask[k] === 0) expect(picture.image[k]).toBe(twin.image[k]);
});

test("size and position are those of the mask", () => {
  const { mask, size, position } = part({ defect: "stain" });
  const pixels = [...mask.keys()].filter((k) => mask[k] === 1);
  const mean = (of: (k: number) => number) => pixels.reduce((sum, k) => sum + of(k), 0) / pixels.length;
  expect(size).toBe(Math.sqrt(pixels.length));
  expect(position[0]).toBeCloseTo(
    mean((k) => k % 64),
    10,
  );
  expect(position[1]).toBeCloseTo(
    mean((k) => Math.floor(k / 64)),
    10,
  );
});

test("a good part has no mask, size, contrast or place, and differs from seed to seed", () => {
  const good = part({ defect: "good" });
  expect(good.mask.every((value) => value === 0)).toBe(true);
  expect([good.size, good.contrast, ...good.position]).toEqual([0, 0, -1, -1]);
  expect(part({ defect: "good" }, "test/1").image).not.toEqual(good.image);
});

test("at contrast 0 the mask is empty, for nothing differs", () => {
  const { mask, size } = part({ contrast: 0 });
  expect(mask.includes(1)).toBe(false);
  expect(size).toBe(part().size);
});

test("a part looks the same at twice the size", () => {
  for (const surface of PART_SURFACES) {
    const kind = { defect: "dent", surface, noise: 0 } as const;
    const [small, large] = [part(kind), part({ ...kind, size: 128 })];
    let sum = 0;
    for (let y = 0; y < 64; y++)
      for (let x = 0; x < 64; x++) {
        const k = 2 * y * 128 + 2 * x;
        const mean = [0, 1, 128, 129].reduce((total, step) => total + large.image[k + step]!, 0) / 4;
        sum += Math.abs(mean - small.image[y * 64 + x]!);
      }
    expect(sum / 64 ** 2, `mean difference of a ${surface} part, grey levels`).toBeLessThan(3);
    expect(large.size / small.size).toBeCloseTo(2, 1);
  }
});

test("light and texture of the two domains never meet", () => {
  for (const name of Object.keys(DOMAINS.seen) as (keyof typeof DOMAINS.seen)[])
    expect(DOMAINS.unseen[name][0], name).toBeGreaterThan(DOMAINS.seen[name][1]);
  for (const domain of ["seen", "unseen"] as const)
    for (let n = 0; n < 30; n++) {
      const { appearance } = part({ domain }, `domain/${n}`);
      for (const [name, [least, most]] of Object.entries(DOMAINS[domain])) {
        const value = appearance[name as keyof typeof appearance];
        expect(value >= least && value <= most, `${name} ${value} of a ${domain} part`).toBe(true);
      }
    }
});

test("every print has strokes that can be missing", () => {
  for (let n = 0; n < 40; n++) {
    const { size, contrast, position } = part({ defect: "missing print" }, `print/${n}`);
    expect(size).toBeGreaterThan(1.4);
    expect(contrast).toBeGreaterThan(10);
    for (const at of position) expect(at >= 0 && at < 64).toBe(true);
  }
});

function firstUnclipped(kind: Pick<PartOptions, "defect" | "surface">): string {
  for (let n = 0; n < 50; n++) {
    const seed = `unclipped/${n}`;
    const images = [0, 1].map((contrast) => part({ ...kind, noise: 0, contrast }, seed).image);
    if (images.every((image) => image.every((level) => level > 0 && level < 255))) return seed;
  }
  throw new Error(`no picture of a ${kind.defect} on ${kind.surface} lies within the grey levels`);
}
