// The page's fixed elements by their ids.

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
