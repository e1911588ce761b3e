// Names of xacro's properties or macros: a scope of a macro call sees those around it.

/** Names and what they stand for; those around it are seen through it. */
export class Scope<Thing> {
  readonly parent: Scope<Thing> | undefined;
  /** Whether it is the names of an included file, reached by a dot, instead of a macro's. */
  readonly isNamespace: boolean;
  private readonly things = new Map<string, Thing>();

  constructor(parent?: Scope<Thing>, isNamespace = false) {
    this.parent = parent;
    this.isNamespace = isNamespace;
  }

  /** The outermost scope. */
  get top(): Scope<Thing> {
    return this.parent?.top ?? this;
  }

  /** Return what a name stands for, here or around; undefined where it stands for nothing. */
  find(name: string): Thing | undefined {
    return this.things.get(name) ?? this.parent?.find(name);
  }

  /** Return the scope that a name is defined in; undefined where it is not. */
  holderOf(name: string): Scope<Thing> | undefined {
    return this.things.has(name) ? this : this.parent?.holderOf(name);
  }

  /** Let a name stand for something, here. */
  set(name: string, thing: Thing): void {
    this.things.set(name, thing);
  }

  /** Forget a name, here and around. */
  remove(name: string): void {
    this.things.delete(name);
    this.parent?.remove(name);
  }
}
