// Which two policies are compared, and with which others the first one can be.
import { titles } from "../state/selectors.js";
import { derived } from "../state/store.js";
import type { ViewerState } from "../state/viewer-state.js";
import { compareOutcomes, type PolicyEpisodes, policiesOf } from "./outcome-table.js";

/** The choice of two policies. */
export interface ComparedPolicies {
  /** All there are, for A. */
  readonly policies: readonly PolicyEpisodes[];
  readonly a: PolicyEpisodes | undefined;
  /** Those of the environment of A, for B: that with most seeds in common first. */
  readonly others: readonly { readonly policy: PolicyEpisodes; readonly shared: number }[];
  readonly b: PolicyEpisodes | undefined;
}

const policies = derived((state: ViewerState) => [state.runs, titles(state)], policiesOf);

/** The policies that the user chose; or else that of the run with most episodes, and the one it shares most seeds with. */
export const comparedPolicies = derived(
  (state: ViewerState) => [policies(state), state.policies, state.run],
  (all, chosen, run): ComparedPolicies => {
    const byId = (id: string | undefined) => all.find((policy) => policy.id === id);
    const a = byId(chosen?.a) ?? mostEpisodes(all.filter((policy) => policy.run === run)) ?? all[0];
    if (!a) return { policies: all, a, others: [], b: undefined };
    const others = all
      .filter(({ id, env }) => id !== a.id && env === a.env)
      .map((policy) => ({ policy, shared: compareOutcomes(a, policy).rows.length }))
      .sort((x, y) => y.shared - x.shared);
    const b = others.find(({ policy }) => policy.id === chosen?.b) ?? others[0];
    return { policies: all, a, others, b: b?.policy };
  },
);

function mostEpisodes(policies: readonly PolicyEpisodes[]): PolicyEpisodes | undefined {
  return policies.reduce<PolicyEpisodes | undefined>(
    (most, policy) => (most && most.bySeed.size >= policy.bySeed.size ? most : policy),
    undefined,
  );
}
