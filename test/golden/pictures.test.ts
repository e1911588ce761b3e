// The bits of what cameras draw.
import { test } from "vitest";
import { openGolden } from "./golden.js";
import { drawPictures, ROBOT_IDS, seeVariedly } from "./play.js";

const golden = openGolden(new URL("pictures.json", import.meta.url));

test.each(ROBOT_IDS)("pictures of %s, depth, labels and shadows", (robot) => {
  for (const seed of [1, 2]) {
    for (const [camera, parts] of Object.entries(drawPictures(robot, seed)))
      golden.check(`${camera} camera of ${robot}`, seed, parts);
  }
});

test.each(["panda", "so101"])("what %s sees where looks, physics and cameras vary", (robot) => {
  for (const seed of [1, 2]) golden.check(`varied looks of ${robot}`, seed, seeVariedly(robot, seed));
});
