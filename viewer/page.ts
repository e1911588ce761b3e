// The page's fixed elements by their ids, and new ones.

/** Find an element that index.html has. */
export function element<Type extends HTMLElement>(id: string): Type {
  return document.getElementById(id) as Type;
}

/** Show `text` in the element `id`, or hide it. */
export function tell(id: string, text: string | undefined): void {
  const line = element(id);
  line.hidden = text === undefined;
  line.textContent = text ?? "";
}

/** Make an element with a text. */
export function made<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  text = "",
  className = "",
): HTMLElementTagNameMap[Name] {
  const part = document.createElement(name);
  part.textContent = text;
  if (className) part.className = className;
  if (part instanceof HTMLButtonElement) part.type = "button";
  return part;
}
