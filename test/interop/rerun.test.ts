import { expect } from "vitest";
import { interopTest, runScript } from "./python.js";
import { demonstrationFile, picturesFile } from "./recorded-files.js";

interopTest("Rerun draws shapes, frames, joints and the log of recorded episodes", "rerun", async () => {
  const file = await demonstrationFile();
  expect(runScript("check_rerun.py", [file])).toMatch(
    /: ok, \d{4,} rows of 9 entities: .*Boxes3D, .*Scalars, .*TextLog, .*Transform3D\n$/,
  );
});

interopTest(
  "Rerun shows the pictures of a recorded episode in the cameras that saw them",
  "rerun",
  async () => {
    const file = await picturesFile();
    expect(runScript("check_rerun.py", [file])).toMatch(
      /: ok, \d+ rows of 13 entities: .*EncodedImage, .*Pinhole, /,
    );
  },
);
