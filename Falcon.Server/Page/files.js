// Files that are dropped on a place, or chosen by its button.

/** Takes images that are dropped on a place or chosen by the button in it. */
export function takeFiles(place, button, input, take) {
  const taken = files => {
    const chosen = [...files];
    if (chosen.length > 0 && !button.disabled)
      take(chosen);
  };
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    taken(input.files);
    input.value = "";
  });
  let depth = 0;
  const over = by => {
    depth = Math.max(0, depth + by);
    place.classList.toggle("over", depth > 0 && !button.disabled);
  };
  place.addEventListener("dragenter", () => over(1));
  place.addEventListener("dragleave", () => over(-1));
  place.addEventListener("drop", event => {
    over(-depth);
    taken(event.dataTransfer.files);
  });
}

/** A file that misses its place would replace the page. */
export function keepPage() {
  for (const name of ["dragover", "drop"])
    window.addEventListener(name, event => event.preventDefault());
}

/** The name of a file as the server takes it. */
export function nameOf(file) {
  return encodeURIComponent(file.name.replace(/\p{Cc}/gu, " ").trim().slice(0, 200) || "photo");
}
