// The store of the page: one value, actions that replace it, and watchers of its parts.

/** Holds a state that is never changed in place, only replaced. */
export interface Store<State> {
  /** Return the present state. */
  get(): State;
  /** Replace the state by what `action` returns, and call the watchers of the parts that changed. */
  update<Args extends readonly unknown[]>(
    action: (state: State, ...args: Args) => State,
    ...args: Args
  ): void;
  /**
   * Call `show` with a part of the state, at once and after each change of that part, in the order of the calls of `watch`.
   *
   * Parts are equal where they are the same value, or arrays of the same items. What `show` itself updates reaches the watchers
   * after all of them have been called.
   */
  watch<const Part>(select: (state: State) => Part, show: (part: Part) => void): void;
}

/** Make a store that begins as `initial`. */
export function createStore<State>(initial: State): Store<State> {
  let state = initial;
  let isNotifying = false;
  const watchers: (() => void)[] = [];

  const notify = () => {
    if (isNotifying) return;
    isNotifying = true;
    const errors: unknown[] = [];
    for (let shown: State | undefined; shown !== state; ) {
      shown = state;
      for (const watcher of watchers) {
        // a panel that fails leaves the others as they should be
        try {
          watcher();
        } catch (error) {
          errors.push(error);
        }
      }
    }
    isNotifying = false;
    if (errors.length > 0) throw errors[0];
  };

  return {
    get: () => state,
    update(action, ...args) {
      const before = state;
      state = action(state, ...args);
      if (state !== before) notify();
    },
    watch(select, show) {
      let shown = select(state);
      watchers.push(() => {
        const part = select(state);
        if (isSame(part, shown)) return;
        shown = part;
        show(part);
      });
      show(shown);
    },
  };
}

/** Return a selector that computes anew only when one of its inputs has changed. */
export function derived<State, const Inputs extends readonly unknown[], Value>(
  select: (state: State) => Inputs,
  compute: (...inputs: Inputs) => Value,
): (state: State) => Value {
  let known: { readonly inputs: Inputs; readonly value: Value } | undefined;
  return (state) => {
    const inputs = select(state);
    if (!known || !isSame(known.inputs, inputs)) known = { inputs, value: compute(...inputs) };
    return known.value;
  };
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((item, index) => Object.is(item, b[index]));
}
