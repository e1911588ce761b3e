// What a fit came to: confusion of classes, predictions against the truth, and the worst examples.
import type { FitExample, FitValidation } from "../../src/recording/fit-validation.js";
import { metricText } from "../../src/recording/fit-validation.js";
import { Plot } from "../plots/plot.js";
import type { PlotLine } from "../plots/plot-content.js";
import type { Store } from "../state/store.js";
import type { ViewerState } from "../state/viewer-state.js";
import { element } from "../ui/elements.js";
import { make } from "../ui/make.js";

/** More classes than this are no table that fits beside the scene. */
const MOST_CLASSES = 40;

/** Show the best epoch of the fit that is shown, below its curves. */
export function bindFitPanel(store: Store<ViewerState>): void {
  const pairs = new PairsPlot(element("fit-pairs"));
  store.watch(
    ({ validation }) => validation,
    (validation) => {
      element("fit-validation").hidden = validation === undefined;
      if (!validation) return pairs.close();
      element("fit-metrics").textContent = metricsLine(validation);
      showConfusion(validation.classes);
      pairs.show(validation.pairs);
      showExamples(validation.worst);
    },
  );
}

function metricsLine({ epoch, rows, metrics }: FitValidation): string {
  const listed = Object.entries(metrics).map(([name, value]) => `${name} ${metricText(name, value)}`);
  return `Best epoch ${epoch}, ${rows} validation rows: ${listed.join(" · ")}`;
}

function showConfusion(classes: FitValidation["classes"]): void {
  const box = element("fit-confusion");
  const { names = [], confusion } = classes ?? {};
  box.hidden = confusion === undefined || names.length > MOST_CLASSES;
  if (box.hidden || !confusion) return;
  const heading = (text: string, scope: "row" | "col") =>
    make("th", { scope, title: text }, make("span", {}, text));
  const head = make("tr", {}, make("td"), ...names.map((name) => heading(name, "col")));
  const body = confusion.map((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    const cells = row.map((count, guess) => {
      const cell = make("td", { title: describeCell(names[truth]!, names[guess]!, count, total) });
      cell.textContent = count === 0 ? "" : String(count);
      cell.className = truth === guess ? "right" : "wrong";
      cell.style.setProperty("--share", String(total === 0 ? 0 : count / total));
      return cell;
    });
    return make("tr", {}, heading(names[truth]!, "row"), ...cells);
  });
  element("fit-confusion-table").replaceChildren(make("thead", {}, head), make("tbody", {}, ...body));
}

function describeCell(truth: string, guess: string, count: number, total: number): string {
  const share = total === 0 ? "" : ` (${((100 * count) / total).toFixed(1)} % of ${total})`;
  return truth === guess
    ? `${truth}: ${count} right${share}`
    : `${truth} taken for ${guess}: ${count}${share}`;
}

/** Truth and prediction of rows in the order of the truth. */
class PairsPlot {
  private readonly box: HTMLElement;
  private plot: Plot | undefined;

  constructor(box: HTMLElement) {
    this.box = box;
    new ResizeObserver(() => this.plot?.resize(box.clientWidth - 4)).observe(box);
  }

  show(pairs: FitValidation["pairs"]): void {
    this.close();
    this.box.hidden = pairs === undefined;
    if (!pairs) return;
    const { name, unit, truth, prediction, low, high } = pairs;
    const title = `${name}${unit === undefined || unit === "1" ? "" : `, ${unit}`}: rows by their truth`;
    const lines: PlotLine[] = [
      { label: "truth", values: truth },
      { label: "prediction", values: prediction },
      ...(low ? [{ label: "low", values: low }] : []),
      ...(high ? [{ label: "high", values: high }] : []),
    ];
    const rows = truth.map((_, row) => row);
    this.plot = new Plot(this.box, rows, { title, lines });
    this.plot.update(rows, lines);
  }

  close(): void {
    this.plot?.close();
    this.plot = undefined;
  }
}

function showExamples(examples: readonly FitExample[]): void {
  element("fit-worst").hidden = examples.length === 0;
  element("fit-worst-list").replaceChildren(...examples.map(exampleFigure));
}

function exampleFigure({ row, loss, truth, prediction, picture }: FitExample): HTMLElement {
  const caption = make(
    "figcaption",
    {},
    make("span", {}, "is "),
    make("b", {}, truth),
    make("br"),
    make("span", {}, "taken for "),
    make("b", {}, prediction),
  );
  const title = `row ${row}, loss ${Number(loss.toPrecision(3))}`;
  const figure = make("figure", { title }, ...(picture ? [painted(picture, title)] : []), caption);
  return make("li", {}, figure);
}

/** Paint a picture's bytes; one that is not as large as it says stays dark. */
function painted({ width, height, channels, bytes }: NonNullable<FitExample["picture"]>, title: string) {
  const canvas = make("canvas", { width, height });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", title);
  const values = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
  const context = canvas.getContext("2d");
  if (!context || values.length !== width * height * channels) return canvas;
  const image = context.createImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let c = 0; c < 3; c++) image.data[4 * pixel + c] = values[channels === 3 ? 3 * pixel + c : pixel]!;
    image.data[4 * pixel + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
