import { expect } from "vitest";
import { interopTest, runScript } from "./python.js";
import { demonstrationFile, picturesFile } from "./recorded-files.js";

interopTest(
  "MCAP's own indexed reader finds every message of recordings, with and without pictures",
  "mcap",
  async () => {
    const files = [await demonstrationFile(), await picturesFile()];
    const lines = runScript("check_mcap.py", files).trimEnd().split("\n");
    expect(lines).toEqual(
      files.map((file) =>
        expect.stringMatching(new RegExp(`^${file}: ok, \\d{3,} messages of \\d+ topics$`)),
      ),
    );
  },
);
