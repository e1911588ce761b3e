// What a file in robomimic's layout demonstrates.
import { z } from "zod";
import { UsageError } from "../math/usage-error.js";
import { type DatasetOrigin, datasetOriginSchema } from "./dataset-origin.js";
import type { DemonstratedEpisode, DemonstrationSource } from "./demonstration-source.js";
import { type Hdf5Dataset, type Hdf5Group, ORIGIN_ATTRIBUTE } from "./robomimic.js";

/** The observation that is expected: each entry's name and group, in the order of a policy's input. */
export type ExpectedEntries = readonly { readonly name: string; readonly group: string }[];

const environmentSchema = z.object({
  env_name: z.string().optional(),
  env_kwargs: z
    .object({
      robot: z.string().optional(),
      controlMode: z.string().optional(),
      controlRate: z.number().optional(),
    })
    .optional(),
});

/** Tell by its path whether a data set of the file holds what is demonstrated. */
export function isDemonstrated(path: string, expected: ExpectedEntries): boolean {
  const [, , ...rest] = path.split("/");
  const name = rest.join("/");
  return name === "actions" || expected.some(({ group }) => name === `obs/${group}`);
}

/**
 * Say what is demonstrated, by the attributes of the file's root; names of entries that it does not hold are those expected.
 *
 * Throws a UsageError that names `file` where it is none of robomimic's.
 */
export function robomimicSource(
  root: Hdf5Group,
  file: string,
  { observation, action }: { readonly observation: ExpectedEntries; readonly action: readonly string[] },
): DemonstrationSource {
  const attributes = root.groups.data?.attributes;
  if (!attributes)
    throw new UsageError(`${file} is no file of robomimic: it has no group "data" with demonstrations.`);
  const origin = originIn(attributes.env_args, attributes[ORIGIN_ATTRIBUTE], file);
  const { env_name, env_kwargs = {} } = parsed(environmentSchema, attributes.env_args, `${file}: env_args`);
  return {
    env: env_name,
    ...env_kwargs,
    noise: origin?.noise,
    observationNames: origin?.observationNames ?? observation.map(({ name }) => name),
    actionNames: origin?.actionNames ?? action,
  };
}

/** Take the steps out of a file's root; throws a UsageError that names `file` where observations are missing or have another size. */
export function robomimicSteps(
  root: Hdf5Group,
  file: string,
  expected: ExpectedEntries,
): readonly DemonstratedEpisode[] {
  const demos = Object.entries(root.groups.data!.groups).sort(([a], [b]) => numberOf(a) - numberOf(b));
  return demos.map(([name, demo]) => {
    const where = `${file}: ${name}`;
    const actions = rowsOf(demo.datasets.actions, `${where}/actions`);
    return { actions, observations: observationsOf(demo, where, expected, actions.length) };
  });
}

function observationsOf(
  demo: Hdf5Group,
  where: string,
  expected: ExpectedEntries,
  count: number,
): readonly ArrayLike<number>[] {
  const obs = demo.groups.obs;
  const groups = [...new Set(expected.map(({ group }) => group))];
  const rows = groups.map((group) => {
    const found = rowsOf(obs?.datasets[group], `${where}/obs/${group}`);
    const size = expected.filter((entry) => entry.group === group).length;
    if (found.length !== count || (found[0]?.length ?? size) !== size)
      throw new UsageError(
        `${where}/obs/${group} is [${found.length}, ${found[0]?.length ?? 0}], expected [${count}, ${size}].`,
      );
    return found;
  });
  // where an entry stands: in which group, as which of its numbers
  const seen = groups.map(() => 0);
  const places = expected.map(({ group }) => {
    const index = groups.indexOf(group);
    return [index, seen[index]!++] as const;
  });
  return Array.from({ length: count }, (_, row) => places.map(([group, k]) => rows[group]![row]![k]!));
}

function rowsOf(dataset: Hdf5Dataset | undefined, where: string): readonly ArrayLike<number>[] {
  if (!dataset) throw new UsageError(`${where} is missing, or holds no floating-point numbers.`);
  const [count = 0, size = 0, ...others] = dataset.shape;
  if (others.length > 0 || size === 0)
    throw new UsageError(`${where} is [${dataset.shape.join(", ")}], expected rows of numbers.`);
  return Array.from({ length: count }, (_, row) => dataset.values.subarray(row * size, (row + 1) * size));
}

/** What armgym wrote of the file; undefined where another program wrote it. */
function originIn(environment: unknown, text: unknown, file: string): DatasetOrigin | undefined {
  if (environment === undefined)
    throw new UsageError(`${file} does not say its environment: "data" has no attribute env_args.`);
  return text === undefined ? undefined : parsed(datasetOriginSchema, text, `${file}: ${ORIGIN_ATTRIBUTE}`);
}

function parsed<Schema extends z.ZodType>(schema: Schema, text: unknown, where: string): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(String(text));
  } catch {
    throw new UsageError(`${where} is no JSON.`);
  }
  const { data, error } = schema.safeParse(value);
  if (!error) return data;
  const { path, message } = error.issues[0]!;
  throw new UsageError(`${where} cannot be read: ${[...path, message].join(": ")}.`);
}

function numberOf(name: string): number {
  return Number(/\d+$/.exec(name)?.[0] ?? Number.POSITIVE_INFINITY);
}
