// The policies that the page has loaded, one per run, and where they come from.
import type { LiveClient } from "./live-client.js";
import type { LoadedPolicy } from "./protocol.js";

/** Gets the document of a run's policy; rejects in plain words where there is none. */
export type PolicySource = (run: string) => Promise<unknown>;

/** Ask the server that serves the page. */
export const policyFromServer: PolicySource = async (run) => {
  const response = await fetch(`api/policy?run=${encodeURIComponent(run)}`).catch(() => {
    throw new Error("the viewer's server does not answer. Is armgym still running?");
  });
  if (!response.ok) throw new Error((await response.text()).trim());
  return response.json();
};

/** Loads each run's policy into the worker once. */
export class PolicyShelf {
  private readonly client: LiveClient;
  private readonly source: PolicySource;
  private readonly loading = new Map<string, Promise<LoadedPolicy>>();

  constructor(client: LiveClient, source: PolicySource) {
    this.client = client;
    this.source = source;
  }

  /** Return the policy of `run`, loaded. */
  get(run: string): Promise<LoadedPolicy> {
    const known = this.loading.get(run);
    if (known) return known;
    const loading = this.source(run).then((document) => this.client.ask("load", { document }));
    this.loading.set(run, loading);
    // a run that has none yet may have one later
    loading.catch(() => this.loading.delete(run));
    return loading;
  }

  /** Forget a run's policy: it has learned more since. */
  forget(run: string): void {
    this.loading.delete(run);
  }
}
