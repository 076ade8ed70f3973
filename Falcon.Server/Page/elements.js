// Elements of the page. What comes from users is text here, never markup.

const svg = "http://www.w3.org/2000/svg";

/** An element: properties that are functions are listeners by their event's name, others are attributes; null and false leave one away. */
export function element(tag, properties = {}, ...children) {
  return filled(document.createElement(tag), properties, children);
}

/** The same of a drawing. */
export function shape(tag, properties = {}, ...children) {
  return filled(document.createElementNS(svg, tag), properties, children);
}

/** The element of an id, which the page has. */
export function byId(id) {
  return document.getElementById(id);
}

/** Replaces the children. The focus stays where it was if an element of the same data-key comes back. */
export function fill(parent, ...children) {
  const active = parent.contains(document.activeElement) ? document.activeElement.closest("[data-key]")?.dataset.key : undefined;
  parent.replaceChildren(...present(children));
  if (active !== undefined)
    parent.querySelector(`[data-key="${CSS.escape(active)}"]`)?.focus({ preventScroll: true });
}

/** Tells who listens rather than looks. */
export function say(text) {
  const place = byId("said");
  // The same words twice are said twice.
  place.textContent = place.textContent === text ? `${text}\u00a0` : text;
}

/** A number for people: four digits that count. */
export function number(value) {
  return new Intl.NumberFormat("en", { maximumSignificantDigits: 4, useGrouping: false }).format(value);
}

/** One and many. */
export function count(amount, one, many = `${one}s`) {
  return `${amount} ${amount === 1 ? one : many}`;
}

/** A time for people. */
export function moment(text) {
  return new Date(text).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

function filled(target, properties, children) {
  for (const [name, value] of Object.entries(properties))
    if (value === null || value === undefined || value === false)
      continue;
    else if (typeof value === "function")
      target.addEventListener(name, value);
    else
      target.setAttribute(name, value === true ? "" : value);
  target.append(...present(children));
  return target;
}

function present(children) {
  return children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false);
}
