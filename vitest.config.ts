import { defineConfig } from "vitest/config";

/** Tests that serve, write down or pack the viewer's page: it is bundled before them, and not before any others. */
const VIEWER_TESTS = [
  "test/viewer/*.test.ts",
  "test/docs/**/*.test.ts",
  "test/tooling/package.test.ts",
  "test/cli/{bad-input,randomize,train}.test.ts",
  "test/env/randomization/curriculum.test.ts",
  "test/serve/python-client.test.ts",
  "test/runs/{make-folders,run-folder,own-modules}.test.ts",
];

const TEST = { testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    ...TEST,
    projects: [
      {
        test: {
          ...TEST,
          name: "library",
          include: ["test/**/*.test.ts"],
          exclude: VIEWER_TESTS,
          globalSetup: ["test/build-library.ts"],
        },
      },
      {
        test: {
          ...TEST,
          name: "viewer",
          include: VIEWER_TESTS,
          globalSetup: ["test/build-library.ts", "test/build-viewer.ts"],
        },
      },
    ],
  },
});
