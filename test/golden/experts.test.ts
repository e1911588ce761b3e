// The bits of the scripted experts' episodes.
import { test } from "vitest";
import { openGolden } from "./golden.js";
import { ENV_IDS, playExpert } from "./play.js";

const golden = openGolden(new URL("experts.json", import.meta.url));

test.each(ENV_IDS)("the expert's episodes of %s", (id) => {
  for (const seed of [1, 2]) golden.check(id, seed, playExpert(id, seed));
});
