// The panel that compares two policies on the seeds that both met.

import type { EpisodeItem, RunItem } from "../../src/recording/run-events.js";
import { make } from "../ui/make.js";
import { element, tell } from "../ui/page.js";
import { compareOutcomes, type OutcomeRow, type PolicyEpisodes, policiesOf } from "./outcome-table.js";

/** An episode of a run. */
export interface EpisodeAddress {
  readonly run: string;
  readonly name: string;
}

const [first, second] = [
  element<HTMLSelectElement>("policy-a"),
  element<HTMLSelectElement>("policy-b"),
] as const;

/** Shows the table; a press on a seed opens both episodes. */
export class ComparePanel {
  private policies: readonly PolicyEpisodes[] = [];
  private chosen = false;
  private readonly open: (episodes: readonly EpisodeAddress[]) => void;

  constructor(open: (episodes: readonly EpisodeAddress[]) => void) {
    this.open = open;
    first.addEventListener("change", () => {
      this.chosen = true;
      this.drawSecond();
    });
    second.addEventListener("change", () => {
      this.chosen = true;
      this.drawTable();
    });
  }

  /** Take the runs there are, with their titles; until the user chooses, policies of `current` are compared. */
  setRuns(runs: readonly RunItem[], titles: ReadonlyMap<string, string>, current: string | undefined): void {
    const [a, b] = [first.value, second.value];
    this.policies = policiesOf(runs, titles);
    first.replaceChildren(...this.policies.map(({ id, label }) => new Option(label, id)));
    const known = (id: string) => this.chosen && this.policies.some((policy) => policy.id === id);
    const most = (wanted: readonly PolicyEpisodes[]) =>
      wanted.reduce<PolicyEpisodes | undefined>(
        (best, policy) => (best && best.bySeed.size >= policy.bySeed.size ? best : policy),
        undefined,
      );
    const own = this.policies.filter(({ run }) => run === current);
    first.value = known(a) ? a : ((most(own) ?? this.policies[0])?.id ?? "");
    this.drawSecond(this.chosen ? b : "");
  }

  private drawSecond(wanted = second.value): void {
    const a = this.policies.find(({ id }) => id === first.value);
    const others = this.policies
      .filter(({ id, env }) => a && id !== a.id && env === a.env)
      .map((policy) => ({ policy, shared: compareOutcomes(a!, policy).rows.length }))
      .sort((x, y) => y.shared - x.shared);
    second.replaceChildren(
      ...others.map(
        ({ policy: { id, label }, shared }) =>
          new Option(`${label} (${shared} seed${shared === 1 ? "" : "s"} shared)`, id),
      ),
    );
    if (others.some(({ policy }) => policy.id === wanted)) second.value = wanted;
    this.drawTable();
  }

  private drawTable(): void {
    const body = element("outcome-rows");
    const a = this.policies.find(({ id }) => id === first.value);
    const b = this.policies.find(({ id }) => id === second.value);
    element("outcomes").hidden = !a || !b;
    if (!a || !b) {
      tell(
        "outcome-summary",
        "To compare policies there must be episodes of two, of one environment. Or press the button with two columns beside up to three more episodes of the list.",
      );
      return;
    }
    const { rows, counts, returnGain } = compareOutcomes(a, b);
    const { both, onlyA, onlyB, neither } = counts;
    element("outcomes").hidden = rows.length === 0;
    tell(
      "outcome-summary",
      rows.length === 0
        ? "They have met no seed in common."
        : `Of ${rows.length} seed${rows.length === 1 ? "" : "s"} both solved ${both}, only A ${onlyA}, only B ${onlyB}, neither ${neither}. Return of B less that of A: ${signed(returnGain)} on average.`,
    );
    body.replaceChildren(...rows.map((row) => this.row(row, a, b)));
  }

  private row({ seed, a, b }: OutcomeRow, policyA: PolicyEpisodes, policyB: PolicyEpisodes): HTMLElement {
    const button = make("button", { type: "button", textContent: "Compare" });
    button.setAttribute("aria-label", `Compare both episodes of seed ${seed}`);
    button.addEventListener("click", () =>
      this.open([
        { run: policyA.run, name: a.name },
        { run: policyB.run, name: b.name },
      ]),
    );
    const line = document.createElement("tr");
    const last = document.createElement("td");
    last.append(button);
    line.append(make("th", {}, seed), outcome(a), outcome(b), last);
    return line;
  }
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
