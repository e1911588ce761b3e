// The data sets "defects" and "defects-unseen": pictures of parts that are drawn, with what is wrong and where.
import { UsageError } from "../../math/usage-error.js";
import type { DataSource, PlainSettings } from "../data-source.js";
import { type DataArrays, type DataField, type Dataset, emptyRows, tableDataset } from "../dataset.js";
import { numberSetting, wholeSetting } from "../source-settings.js";
import type { PartDomain } from "./domain.js";
import { DEFECT_CLASSES, drawPart, type PartPicture } from "./draw-part.js";
import { PART_SURFACES } from "./surface.js";

/** What the data sets of defects can be told. */
export interface DefectSettings {
  /** Pixels of an edge, 64 to 256. */
  readonly size: number;
  /** Rows to learn from. */
  readonly rows: number;
  /** Rows to choose by. */
  readonly validationRows: number;
  /** Rows to report on: parts that are in neither of the others. */
  readonly testRows: number;
  /** Factor of the contrast of all defects, 0 to 1; at 0 every picture is that of a good part, whatever its label says. */
  readonly contrast: number;
  /** Factor of the sensor's noise, 0 to 4. */
  readonly noise: number;
}

/** 8000 pictures of 64 x 64, as many of each class and each surface. */
export const DEFECT_DEFAULTS: DefectSettings = {
  size: 64,
  rows: 8000,
  validationRows: 1400,
  testRows: 2800,
  contrast: 1,
  noise: 1,
};

/** Memory that the pictures and masks of one data set may take, bytes. */
const MOST_BYTES = 2 ** 30;
const MOST_ROWS = 1_000_000;

/** Parts in the light and texture that a model learns from. */
export const defects = defectsSource("seen");

/** Parts in light and texture that "defects" never shows: what a model that learned there is worth elsewhere. */
export const defectsUnseen = defectsSource("unseen");

/**
 * Return the fields of a row: grey pictures, since inspection cameras are grey, and what is known of them.
 *
 * @throws Nothing.
 */
export function defectFields(size: number): Readonly<Record<string, DataField>> {
  return {
    image: { shape: [size, size, 1], dtype: "uint8" },
    mask: { shape: [size, size, 1], dtype: "uint8" },
    label: { shape: [], dtype: "int32", classes: DEFECT_CLASSES },
    surface: { shape: [], dtype: "int32", classes: PART_SURFACES },
    contrast: { shape: [], unit: "grey levels" },
    size: { shape: [], unit: "px" },
    position: {
      shape: [2],
      entries: [
        { name: "column", unit: "px" },
        { name: "row", unit: "px" },
      ],
    },
    light: {
      shape: [4],
      entries: [
        { name: "direction", unit: "rad" },
        { name: "falloff", unit: "1" },
        { name: "highlight", unit: "1" },
        { name: "vignetting", unit: "1" },
      ],
    },
    texture: {
      shape: [2],
      entries: [
        { name: "scale", unit: "1" },
        { name: "strength", unit: "1" },
      ],
    },
  };
}

function defectsSource(domain: PartDomain): DataSource {
  const id = domain === "seen" ? "defects" : "defects-unseen";
  return {
    id,
    description:
      domain === "seen"
        ? "Drawn parts of four surfaces, good or with one of six defects, with masks."
        : "The same in light and texture that defects never shows.",
    licence: "CC0-1.0",
    files: [],
    settings: { ...DEFECT_DEFAULTS },
    async load(_files, settings, seed) {
      const checked = checkedSettings(id, settings);
      const make = (split: string, rows: number) =>
        defectDataset(`${seed}/${split}`, domain, { ...checked, rows });
      return {
        train: make("train", checked.rows),
        validation: make("validation", checked.validationRows),
        test: async () => make("test", checked.testRows),
      };
    },
  };
}

/** Return a data set whose rows are drawn when they are first taken, and kept. */
function defectDataset(seed: string, domain: PartDomain, settings: DefectSettings): Dataset {
  const { size, rows, contrast, noise } = settings;
  const fields = defectFields(size);
  const columns = emptyRows(fields, rows);
  const isDrawn = new Uint8Array(rows);
  const draw = (row: number): void => {
    const label = row % DEFECT_CLASSES.length;
    const surface = Math.floor(row / DEFECT_CLASSES.length) % PART_SURFACES.length;
    const options = {
      size,
      defect: DEFECT_CLASSES[label]!,
      surface: PART_SURFACES[surface]!,
      domain,
      contrast,
      noise,
    };
    columns.label![row] = label;
    columns.surface![row] = surface;
    write(columns, row, drawPart(`${seed}/${row}`, options));
    isDrawn[row] = 1;
  };
  const table = tableDataset(fields, columns, {
    name: domain === "seen" ? "defects" : "defects-unseen",
    source: "generated",
    licence: "CC0-1.0",
    settings: { seed, ...settings },
  });
  return {
    ...table,
    take(chosen, into) {
      for (const row of chosen) if (isDrawn[row] === 0) draw(row);
      table.take(chosen, into);
    },
  };
}

function write(columns: DataArrays, row: number, picture: PartPicture): void {
  const { image, mask, contrast, size, position, appearance } = picture;
  const { direction, falloff, highlight, vignetting, scale, strength } = appearance;
  columns.image!.set(image, row * image.length);
  columns.mask!.set(mask, row * mask.length);
  columns.contrast![row] = contrast;
  columns.size![row] = size;
  columns.position!.set(position, row * 2);
  columns.light!.set([direction, falloff, highlight, vignetting], row * 4);
  columns.texture!.set([scale, strength], row * 2);
}

function checkedSettings(id: string, settings: PlainSettings): DefectSettings {
  const checked = {
    size: wholeSetting(settings, "size", 64, 256),
    rows: wholeSetting(settings, "rows", 1, MOST_ROWS),
    validationRows: wholeSetting(settings, "validationRows", 1, MOST_ROWS),
    testRows: wholeSetting(settings, "testRows", 1, MOST_ROWS),
    contrast: numberSetting(settings, "contrast", 0, 1),
    noise: numberSetting(settings, "noise", 0, 4),
  };
  const { size, rows, validationRows, testRows } = checked;
  const most = Math.max(rows, validationRows, testRows);
  const bytes = most * 2 * size ** 2;
  if (bytes > MOST_BYTES)
    throw new UsageError(
      `${most} pictures of ${size} x ${size} with their masks take ${(bytes / 2 ** 30).toFixed(1)} GiB, ${id} keeps at most 1: ask for ${Math.floor(MOST_BYTES / (2 * size ** 2))} rows at most, or for a smaller size.`,
    );
  return checked;
}
