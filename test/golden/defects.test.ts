// The bits of the pictures of parts that are drawn.
import { test } from "vitest";
import { DEFECT_CLASSES, drawPart } from "../../src/data/defects/draw-part.js";
import { PART_SURFACES } from "../../src/data/defects/surface.js";
import { openGolden } from "./golden.js";

const golden = openGolden(new URL("defects.json", import.meta.url));

test.each(DEFECT_CLASSES)("pictures of parts: %s", (defect) => {
  for (const seed of [1, 2])
    for (const surface of PART_SURFACES) {
      const options = { size: 64, defect, surface, domain: seed === 1 ? "seen" : "unseen" } as const;
      const { image, mask, contrast, size, position } = drawPart(`${seed}`, options);
      golden.check(`${defect}, ${surface}`, seed, {
        image,
        mask,
        labels: [contrast, size, ...position].map(Math.fround),
      });
    }
});
