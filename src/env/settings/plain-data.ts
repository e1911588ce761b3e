// Plain data that is frozen.

/** Copy `value` with all lists and records in it, frozen; anything else in it (a typed array, a function) stays what it is. */
export function frozenCopy<Value>(value: Value): Value {
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy)) as Value;
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, frozenCopy(inner)]);
  return Object.freeze(Object.fromEntries(entries)) as Value;
}

/** Freeze `value` with all lists and records in it, and return it. */
export function deepFreeze<Value>(value: Value): Value {
  if (!(Array.isArray(value) || isRecord(value)) || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

function isRecord(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
