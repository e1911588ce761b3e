// Which environment a snapshot is of: noted when it is taken, checked before it is restored.
import { UsageError } from "../math/usage-error.js";
import { isReadableVersion, VERSION } from "../version.js";
import type { EnvInfo, EnvSnapshot } from "./env.js";

/** Settings that every task had in 0.1.0, and those of single tasks. */
const COMMON_OF_0_1 = [
  ...["robot", "controlMode", "controlRate", "rateLimits", "physicsRate", "solver", "selfCollision"],
  ...["randomization", "curriculum", "visualRandomization", "observationMode", "cameras", "appearance"],
  ...["rewardMode", "rewardWeights"],
];
const OWN_OF_0_1: Readonly<Record<string, readonly string[]>> = {
  "Reach-v1": [],
  "Push-v1": [],
  "PickPlace-v1": ["goalOnTable"],
  "Stack-v1": [],
  "StackTower-v1": [],
  "Sort-v1": [],
  "RememberGoal-v1": ["shownSeconds"],
  "Slide-v1": ["friction"],
  "Drawer-v1": [],
  "Occluded-v1": [],
  "PegInsert-v1": ["clearance", "maxTurn"],
  "BinPick-v1": [],
  "HiddenMass-v1": ["masses", "crushedAt"],
};

/**
 * Say of which environment a snapshot is: its id, the version of armgym and a hash of its config.
 *
 * A setting that came after 0.1.0 counts where it differs from its default only, so that snapshots from before it was there
 * can still be restored.
 */
export function labelOf(
  { id, config }: Pick<EnvInfo, "id" | "config">,
  defaults: object,
): Pick<EnvSnapshot, "env" | "version" | "config"> {
  const own = OWN_OF_0_1[id];
  if (!own) return { env: id, version: VERSION, config: hashOf(config) };
  const isDefault = (name: string) =>
    canonical(config[name]) === canonical((defaults as Readonly<Record<string, unknown>>)[name]);
  const counted = Object.entries(config).filter(
    ([name]) => COMMON_OF_0_1.includes(name) || own.includes(name) || !isDefault(name),
  );
  return { env: id, version: VERSION, config: hashOf(Object.fromEntries(counted)) };
}

/** Throw a UsageError where `snapshot` is not one of the environment that `label` and `isRandomized` describe. */
export function requireOwnSnapshot(
  snapshot: EnvSnapshot,
  label: ReturnType<typeof labelOf>,
  isRandomized: boolean,
): void {
  const { env: id } = label;
  if (typeof snapshot !== "object" || snapshot === null || typeof snapshot.env !== "string") {
    throw new UsageError(`${id}: what is to be restored is no snapshot. Give what snapshot() returned.`);
  }
  if (snapshot.env !== id)
    throw new UsageError(
      `${id}: the snapshot is one of ${snapshot.env}. Restore it in an environment of that id.`,
    );
  if (!isReadableVersion(snapshot.version)) {
    throw new UsageError(
      `${id}: the snapshot was taken with armgym ${snapshot.version}, this is ${VERSION}. Take it again.`,
    );
  }
  if (!snapshot.randomizer !== !isRandomized) {
    const [theirs, ours] = isRandomized ? ["without", "with"] : ["with", "without"];
    throw new UsageError(
      `${id}: the snapshot was taken ${theirs} randomisation, this environment is ${ours}. Create it with the config of the other.`,
    );
  }
  if (snapshot.config !== label.config) {
    throw new UsageError(
      `${id}: the snapshot was taken with another config. Create the environment with that one: spec.config of the environment that the snapshot is of.`,
    );
  }
  const lost = findLostArray(snapshot, "");
  if (lost === undefined) return;
  throw new UsageError(
    `${id}: the snapshot went through JSON, which keeps no typed arrays: "${lost}" is none any more. ` +
      "Copy it by structuredClone(), or keep it by serialize() of node:v8.",
  );
}

/** Path of a record that JSON has made of a typed array: its keys count from 0. */
function findLostArray(value: unknown, path: string): string | undefined {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return undefined;
  const entries = Object.entries(value);
  const isCounted = entries.length > 0 && entries.every(([key], index) => key === String(index));
  if (!Array.isArray(value) && isCounted) return path;
  for (const [key, inner] of entries) {
    const lost = findLostArray(inner, path === "" ? key : `${path}.${key}`);
    if (lost !== undefined) return lost;
  }
  return undefined;
}

/** FNV-1a with 64 bits of plain data, whatever the order of its keys. */
function hashOf(value: unknown): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(canonical(value)))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}

function canonical(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, sorted(inner)]);
}
