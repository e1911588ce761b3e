// The store: what is watched is shown once per change, in order.
import { expect, test } from "vitest";
import { createStore, derived } from "../../../viewer/state/store.js";

const START = { a: 1, b: 2, list: [1, 2] as readonly number[] };
const add = (state: typeof START, name: "a" | "b", value: number) => ({
  ...state,
  [name]: state[name] + value,
});

test("a part is shown at once, and again only when it has changed", () => {
  const store = createStore(START);
  const shown: number[] = [];
  store.watch(
    ({ a }) => a,
    (a) => shown.push(a),
  );
  store.update(add, "b", 5);
  store.update(add, "a", 3);
  store.update(add, "a", 0);
  expect(shown).toEqual([1, 4]);
  expect(store.get()).toEqual({ a: 4, b: 7, list: [1, 2] });
});

test("several values make one part, and a list of the same items is the same part", () => {
  const store = createStore(START);
  const shown: (readonly [number, number])[] = [];
  let lists = 0;
  store.watch(
    ({ a, b }) => [a, b],
    (pair) => shown.push(pair),
  );
  store.watch(
    ({ list }) => list,
    () => lists++,
  );
  store.update((state) => ({ ...state, a: 9, b: 9, list: [1, 2] }));
  store.update((state) => ({ ...state, list: [1, 3] }));
  expect(shown).toEqual([
    [1, 2],
    [9, 9],
  ]);
  expect(lists).toBe(2);
});

test("an action that returns the same state calls nobody", () => {
  const store = createStore(START);
  let calls = 0;
  store.watch(
    () => calls++,
    () => undefined,
  );
  store.update((state) => state);
  expect(calls).toBe(1);
});

test("what a watcher changes is shown to all, after each has been shown what came before", () => {
  const store = createStore(START);
  const shown: string[] = [];
  store.watch(
    ({ a }) => a,
    (a) => shown.push(`first ${a}`),
  );
  store.watch(
    ({ a }) => a,
    (a) => {
      shown.push(`second ${a}`);
      if (a < 3) store.update(add, "a", 1);
    },
  );
  expect(shown).toEqual(["first 1", "second 1", "first 2", "second 2", "first 3", "second 3"]);
});

test("a watcher that fails keeps no other from being called, and its error reaches who changed the state", () => {
  const store = createStore(START);
  const shown: number[] = [];
  store.watch(
    ({ a }) => a,
    (a) => {
      if (a === 2) throw new Error("no such panel");
    },
  );
  store.watch(
    ({ a }) => a,
    (a) => shown.push(a),
  );
  expect(() => store.update(add, "a", 1)).toThrow("no such panel");
  store.update(add, "a", 1);
  expect(shown).toEqual([1, 2, 3]);
});

test("a derived value is computed once for the same inputs", () => {
  let computed = 0;
  const sum = derived(
    ({ a, list }: typeof START) => [a, list],
    (a, list) => {
      computed++;
      return list.reduce((total, value) => total + value, a);
    },
  );
  expect(sum(START)).toBe(4);
  expect(sum({ ...START, b: 100 })).toBe(4);
  expect(computed).toBe(1);
  expect(sum({ ...START, a: 10 })).toBe(13);
  expect(computed).toBe(2);
});
