// The panel that compares two policies on the seeds that both met.
import type { EpisodeItem } from "../../src/recording/run-events.js";
import type { Commands } from "../state/commands.js";
import { choosePolicies } from "../state/panel-actions.js";
import type { Store } from "../state/store.js";
import type { EpisodeAddress, ViewerState } from "../state/viewer-state.js";
import { element, showText } from "../ui/elements.js";
import { make } from "../ui/make.js";
import { type ComparedPolicies, comparedPolicies } from "./compared-policies.js";
import { compareOutcomes, type OutcomeRow, type OutcomeTable, type PolicyEpisodes } from "./outcome-table.js";

const TOO_FEW =
  "To compare policies there must be episodes of two, of one environment. Or press the button with two columns beside up to three more episodes of the list.";

/** Opens both episodes of a seed. */
type OpenEpisodes = (episodes: readonly EpisodeAddress[]) => void;

/** Show the outcomes of two policies seed by seed; a press on a seed opens both episodes. */
export function bindComparePanel(store: Store<ViewerState>, commands: Commands): void {
  const [first, second] = [element("policy-a"), element("policy-b")];
  for (const select of [first, second])
    select.addEventListener("change", () =>
      store.update(choosePolicies, { a: first.value, b: second.value }),
    );
  store.watch(comparedPolicies, (compared) => {
    showChoices(first, second, compared);
    showOutcomes(compared, (episodes) => void commands.openEpisodes(episodes));
  });
}

function showChoices(
  first: HTMLSelectElement,
  second: HTMLSelectElement,
  { policies, a, others, b }: ComparedPolicies,
): void {
  first.replaceChildren(...policies.map(({ id, label }) => new Option(label, id)));
  first.value = a?.id ?? "";
  second.replaceChildren(
    ...others.map(
      ({ policy: { id, label }, shared }) =>
        new Option(`${label} (${shared} seed${shared === 1 ? "" : "s"} shared)`, id),
    ),
  );
  second.value = b?.id ?? "";
}

function showOutcomes({ a, b }: ComparedPolicies, open: OpenEpisodes): void {
  const table = a && b && compareOutcomes(a, b);
  element("outcomes").hidden = !table || table.rows.length === 0;
  showText("outcome-summary", table ? summaryOf(table) : TOO_FEW);
  element("outcome-rows").replaceChildren(...(table?.rows ?? []).map((row) => line(row, a!, b!, open)));
}

function summaryOf({ rows, counts, returnGain }: OutcomeTable): string {
  const { both, onlyA, onlyB, neither } = counts;
  return rows.length === 0
    ? "They have met no seed in common."
    : `Of ${rows.length} seed${rows.length === 1 ? "" : "s"} both solved ${both}, only A ${onlyA}, only B ${onlyB}, neither ${neither}. Return of B less that of A: ${signed(returnGain)} on average.`;
}

function line(
  { seed, a, b }: OutcomeRow,
  policyA: PolicyEpisodes,
  policyB: PolicyEpisodes,
  open: OpenEpisodes,
): HTMLElement {
  const button = make("button", { type: "button", textContent: "Compare" });
  button.setAttribute("aria-label", `Compare both episodes of seed ${seed}`);
  button.addEventListener("click", () =>
    open([
      { run: policyA.run, name: a.name },
      { run: policyB.run, name: b.name },
    ]),
  );
  return make("tr", {}, make("th", {}, seed), outcome(a), outcome(b), make("td", {}, button));
}

function outcome(item: EpisodeItem): HTMLElement {
  const cell = make("td", { className: item.success ? "good" : "bad" }, item.success ? "✓ " : "✗ ");
  cell.append(make("small", {}, item.return?.toFixed(1) ?? ""));
  cell.title = item.success ? "success" : "failure";
  return cell;
}

function signed(value: number): string {
  return `${value >= 0 ? "+" : "−"}${Math.abs(value).toFixed(2)}`;
}
