// Golden values: hashes of results, committed beside the tests, by which a change of any bit is noticed.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { arch, endianness, platform } from "node:os";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect } from "vitest";

/** What can be hashed: numbers as float64, typed arrays as their little-endian bytes, objects with their keys in order. */
export type Hashable =
  | number
  | bigint
  | string
  | boolean
  | null
  | undefined
  | ArrayBufferView
  | readonly Hashable[]
  | { readonly [key: string]: Hashable };

/** What was computed, part by part: "parameters", "rewards" and so on. */
export type Parts = Readonly<Record<string, Hashable>>;

/** Hashes by subject, seed and part. */
export type Hashes = Record<string, Record<string, Record<string, string>>>;

/** Of results that do not depend on the machine. */
const EVERYWHERE = "everywhere";

/** Compares results with the hashes that were committed, and writes them anew with `UPDATE_GOLDEN=1`. */
export interface Golden {
  /** Fail where a part's hash is not the committed one; `machine` names what the bits depend on, default: nothing. */
  check(subject: string, seed: number, parts: Parts, machine?: string): void;
  /** Whether there is anything to compare with on `machine`, or to write. */
  has(machine: string): boolean;
}

/** Open the hashes in `file`, which are written anew after the last test where that is asked for. */
export function openGolden(file: URL): Golden {
  const path = fileURLToPath(file);
  const isUpdate = process.env.UPDATE_GOLDEN === "1";
  const committed: Record<string, Hashes> = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  const computed: Record<string, Hashes> = {};
  if (isUpdate) afterAll(() => writeFileSync(path, textOf(mergedHashes(committed, computed))));
  return {
    has: (machine) => isUpdate || committed[machine] !== undefined,
    check(subject, seed, parts, machine = EVERYWHERE) {
      const got = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, hashOf(part)]));
      if (isUpdate) {
        computed[machine] ??= {};
        computed[machine][subject] ??= {};
        computed[machine][subject][seed] = got;
        return;
      }
      const expected = committed[machine]?.[subject]?.[seed] ?? {};
      const names = [...new Set([...Object.keys(expected), ...Object.keys(got)])];
      const differing = names.filter((name) => expected[name] !== got[name]);
      const where = machine === EVERYWHERE ? "" : ` on ${machine}`;
      const lines = differing.map(
        (name) =>
          `${subject}, seed ${seed}${where}: ${name} is ${got[name] ?? "missing"}, expected ${expected[name] ?? "none"} (${basename(path)}).`,
      );
      expect(differing, [...lines, ADVICE].join("\n")).toEqual([]);
    },
  };
}

const ADVICE =
  "A result has changed. Where nobody meant it to, find what changed it. A commit that changes results on purpose runs " +
  '"UPDATE_GOLDEN=1 npx vitest run test/golden", holds the new hashes, and says why in its body.';

/**
 * Name what the last bits of onnxruntime's native kernels depend on here, for example "linux-x64-avx512".
 *
 * Its kernels are chosen by the processor's instruction set; other sets add in another order.
 */
export function nativeMachine(): string {
  const flags = existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : "";
  const set = ["avx512f", "avx2", "avx"].find((flag) => new RegExp(`\\b${flag}\\b`).test(flags)) ?? "other";
  return [platform(), arch(), set === "avx512f" ? "avx512" : set].join("-");
}

/** Return the SHA-256 of `value`, in hexadecimal. */
export function hashOf(value: Hashable): string {
  if (endianness() !== "LE") throw new Error("golden values are hashes of little-endian bytes");
  const hash = createHash("sha256");
  feed(hash, value);
  return hash.digest("hex");
}

function feed(hash: ReturnType<typeof createHash>, value: Hashable): void {
  if (ArrayBuffer.isView(value)) {
    hash.update(`${value.constructor.name} ${value.byteLength} `);
    hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (isNumbers(value)) feed(hash, Float64Array.from(value));
  else if (Array.isArray(value)) {
    hash.update(`list ${value.length} `);
    for (const entry of value) feed(hash, entry);
  } else if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value as Readonly<Record<string, Hashable>>).filter(
      ([, entry]) => entry !== undefined,
    );
    hash.update(`keys ${entries.length} `);
    for (const [name, entry] of entries.sort(([a], [b]) => (a < b ? -1 : 1))) {
      hash.update(`${name} `);
      feed(hash, entry);
    }
  } else if (typeof value === "number") hash.update(Float64Array.of(value));
  else hash.update(`${typeof value} ${value} `);
}

function isNumbers(value: Hashable): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === "number");
}

/**
 * Return what is to be written, by machine: what was computed, and of what was committed all that may still hold.
 *
 * Where a subject has changed here, it has changed on machines that are not here as well: theirs are left out.
 */
export function mergedHashes(
  committed: Readonly<Record<string, Hashes>>,
  computed: Readonly<Record<string, Hashes>>,
): Record<string, Hashes> {
  const hasChanged = (machine: string, subject: string) => {
    const [before, after] = [committed[machine]?.[subject], computed[machine]?.[subject]];
    return before !== undefined && after !== undefined && textOf(before) !== textOf(after);
  };
  const result: Record<string, Hashes> = {};
  for (const [machine, subjects] of Object.entries(committed)) {
    const kept = Object.entries(subjects).filter(
      ([subject]) => !Object.keys(computed).some((here) => hasChanged(here, subject)),
    );
    result[machine] = Object.fromEntries(kept);
  }
  for (const [machine, subjects] of Object.entries(computed))
    result[machine] = { ...result[machine], ...subjects };
  return result;
}

function textOf(value: unknown): string {
  const sorted = (_: string, entry: unknown): unknown =>
    typeof entry === "object" && entry !== null
      ? Object.fromEntries(
          Object.entries(entry).sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true })),
        )
      : entry;
  return `${JSON.stringify(value, sorted, 2)}\n`;
}
