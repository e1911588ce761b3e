// Which room may import which: the one table of the architecture's directions. biome.json's rules and the test that plants
// violations are both made from it; `npm run boundaries` writes the rules.

/** The rooms of src/, lowest first, and the rooms that each may import besides itself. */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  math: [],
  spaces: ["math"],
  scene: ["math"],
  recording: ["math", "scene"],
  physics: ["math", "scene"],
  robots: ["math", "spaces", "scene", "physics"],
  sensors: ["math", "scene", "physics", "robots"],
  env: ["math", "spaces", "scene", "sensors"],
  cell: ["math", "spaces", "scene", "physics", "robots", "sensors", "env"],
  gymnasium: ["math", "spaces", "scene", "env"],
  compile: ["math"],
  nn: ["math", "compile"],
  model: ["math", "spaces", "compile", "nn"],
  programs: ["math", "recording"],
  data: ["math", "recording", "programs"],
  learn: ["math", "compile", "nn", "model", "data"],
  rl: ["math", "spaces", "recording", "env", "compile", "nn", "model", "learn"],
  episodes: ["math", "scene", "recording", "programs", "sensors", "env", "compile", "model", "rl"],
  video: ["math", "scene", "recording", "sensors"],
  deploy: ["math", "scene", "recording", "compile", "nn", "model"],
  explain: ["math", "compile", "nn", "model"],
  attack: ["math", "compile", "nn", "model", "learn"],
  log: ["math"],
  runs: [
    ...["math", "spaces", "scene", "recording", "robots", "sensors", "env", "cell"],
    ...[
      "compile",
      "nn",
      "model",
      "data",
      "learn",
      "rl",
      "episodes",
      "deploy",
      "explain",
      "attack",
      "log",
      "gymnasium",
      "video",
    ],
  ],
  serve: ["math", "spaces", "scene", "recording", "sensors", "env", "deploy", "runs"],
  cli: [
    ...["math", "spaces", "scene", "recording", "physics", "robots", "sensors", "env", "cell"],
    ...["compile", "nn", "model", "programs", "data", "learn", "rl", "episodes", "deploy", "log"],
    ...["gymnasium", "video", "runs", "serve", "explain"],
  ],
};

/** What rooms outside src/ (and parts of rooms inside) may import of the packages and rooms that are restricted elsewhere. */
interface Place {
  /** Files, as biome's globs. */
  readonly files: readonly string[];
  /** Rooms of src/ that may be imported; absent: all. */
  readonly rooms?: readonly string[];
  /** The only files of src/ that may be imported: entries of the package; absent: what `rooms` says. */
  readonly entries?: readonly (typeof ENTRIES)[number][];
  /** Folders beside it that may not be imported. */
  readonly refusedBeside?: readonly string[];
  /** Other top-level folders that may be imported. */
  readonly folders: readonly string[];
  readonly packages: readonly (keyof typeof PACKAGES)[];
}

/** Rooms of viewer/ that show the state, and change it by its actions. */
const VIEWER_ROOMS = [
  "sources",
  "scene",
  "plots",
  "episodes",
  "live",
  "insight",
  "compare",
  "fit",
  "ui",
] as const;

const ABOVE = ["envs", "agents", "viewer"] as const;

/** Entries of the package, as files of src/: "armgym", "armgym/nn", "armgym/node". */
export const ENTRIES = ["index", "nn", "node"] as const;

/** Packages that only some rooms may import, with the sentence that says which. */
export const PACKAGES = {
  "cannon-es": { group: ["cannon-es", "cannon-es/**"], where: "cannon-es belongs in src/physics only." },
  three: { group: ["three", "three/**"], where: "three.js belongs in viewer/ only." },
  "@tensorflow/tfjs-core": {
    group: ["@tensorflow/**"],
    where:
      "@tensorflow belongs in src/compile, src/nn, src/model, src/learn, src/attack, src/rl and agents/ only.",
  },
  "node:fs": {
    group: ["node:*"],
    where:
      "node: modules belong in src/cli, src/runs, src/serve, src/gymnasium, src/log and src/rl/rollout/workers only.",
  },
} as const;

/** Rooms of src/ that may import a restricted package. */
export const PACKAGE_ROOMS: Readonly<Record<keyof typeof PACKAGES, readonly string[]>> = {
  "cannon-es": ["physics"],
  three: [],
  "@tensorflow/tfjs-core": ["compile", "nn", "model", "learn", "attack", "rl"],
  "node:fs": ["log", "gymnasium", "runs", "serve", "cli"],
};

/** Places whose rules are not simply those of their room: later ones win. */
const PLACES: readonly Place[] = [
  ...Object.entries(ROOMS).map(([room, rooms]) => ({
    files: [`src/${room}/**`],
    rooms: [room, ...rooms],
    folders: room === "cli" || room === "runs" ? ["envs", "agents"] : [],
    packages: packagesOf(room),
  })),
  {
    files: ["src/rl/rollout/workers/**"],
    rooms: ["rl", ...ROOMS.rl!],
    folders: [],
    packages: [...packagesOf("rl"), "node:fs"],
  },
  // what a shipped environment or agent may use, a user's may
  { files: ["envs/**"], entries: ["index"], folders: ["envs"], packages: [] },
  {
    files: ["agents/**"],
    entries: ["index", "nn"],
    folders: ["agents"],
    packages: ["@tensorflow/tfjs-core"],
  },
  {
    files: ["viewer/**", "!viewer/vite.config.ts", "!viewer/**/*.worker.ts"],
    rooms: ["math", "scene", "recording"],
    folders: ["viewer"],
    packages: ["three"],
  },
  // panels are functions of the state, which knows none of them
  {
    files: ["viewer/state/**"],
    rooms: ["math", "scene", "recording"],
    refusedBeside: VIEWER_ROOMS,
    folders: ["viewer"],
    packages: [],
  },
];

/**
 * Files that the limits on complexity and parameters do not hold for: loops over numbers in flat arrays, where calls and
 * objects cost too much, tests, and functions that were there before the limits. The last only become fewer.
 */
const UNLIMITED = [
  ...[
    "src/physics/**",
    "src/sensors/camera/**",
    "src/robots/control/{inverse-kinematics,operational-space}.ts",
  ],
  "test/**",
  ...["agents/expert-stack.ts", "src/cell/sample-scene.ts", "src/cli/commands/{demo,train}.ts"],
  ...["src/env/check/interface-checks.ts", "src/env/{env-info,vec-env}.ts", "src/math/convex-hull.ts"],
  ...["src/rl/rollout/{rollout-buffer,sequences}.ts"],
  ...["src/runs/training-request.ts", "src/spaces/space.ts"],
];

/** Return biome's overrides that hold the table, in biome.json's form. */
export function biomeOverrides(): readonly object[] {
  return [...importRules(), withoutLimits(), withFit()];
}

function withoutLimits(): object {
  const complexity = { noExcessiveCognitiveComplexity: "off", useMaxParams: "off" };
  return { includes: UNLIMITED, linter: { rules: { complexity } } };
}

/** `fit` of src/learn is no test that others are left out for; src/ has no tests. */
function withFit(): object {
  const includes = ["src/**", "test/learn/**"];
  return { includes, linter: { rules: { suspicious: { noFocusedTests: "off" } } } };
}

function importRules(): readonly object[] {
  return PLACES.map((place) => {
    const { files, rooms = Object.keys(ROOMS), entries, refusedBeside = [], folders, packages } = place;
    const refusedPackages = (Object.keys(PACKAGES) as (keyof typeof PACKAGES)[])
      .filter((name) => !packages.includes(name))
      .map((name) => ({
        group: PACKAGES[name].group,
        message: `${PACKAGES[name].where} (test/tooling/rooms.ts)`,
      }));
    // viewer/ has folders of its own that are called as rooms of src/ are
    const prefix = folders.includes("viewer") ? "**/src/" : "**/";
    const refusedPaths = [
      ...(entries
        ? ["**/src/**", ...entries.map((entry) => `!**/src/${entry}.js`)]
        : Object.keys(ROOMS)
            .filter((room) => !rooms.includes(room))
            .map((room) => `${prefix}${room}/**`)),
      ...ABOVE.filter((folder) => !folders.includes(folder)).map((folder) => `**/${folder}/**`),
      ...refusedBeside.map((room) => `../${room}/**`),
    ];
    const allowed = entries
      ? entries.map((entry) => `src/${entry}.ts`)
      : rooms.filter((room) => !files.includes(`src/${room}/**`)).map((room) => `src/${room}`);
    const message = `${files[0]} may import ${allowed.join(", ") || "nothing"} (test/tooling/rooms.ts)`;
    return {
      includes: files,
      linter: {
        rules: {
          style: {
            noRestrictedImports: {
              level: "error",
              options: { patterns: [...refusedPackages, { group: refusedPaths, message }] },
            },
          },
        },
      },
    };
  });
}

function packagesOf(room: string): (keyof typeof PACKAGES)[] {
  return (Object.keys(PACKAGES) as (keyof typeof PACKAGES)[]).filter((name) =>
    PACKAGE_ROOMS[name].includes(room),
  );
}
