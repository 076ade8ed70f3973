// A click on a heading sorts the rows of each table body by that column; a second click turns the order round.
const numeric = text => text.trim() !== "" && !isNaN(text) ? Number(text) : null;
for (const heading of document.querySelectorAll("tr.sort th"))
  heading.addEventListener("click", () => {
    const column = heading.cellIndex, falling = heading.dataset.order !== "falling";
    heading.dataset.order = falling ? "falling" : "rising";
    const value = row => row.cells[column].dataset.value ?? row.cells[column].textContent;
    const order = (a, b) => numeric(a) !== null && numeric(b) !== null ? numeric(a) - numeric(b) : a.localeCompare(b, "en", { numeric: true });
    for (const body of heading.closest("table").tBodies)
      body.append(...[...body.rows].sort((a, b) => (falling ? -1 : 1) * order(value(a), value(b))));
  });

// The filters of the test images; what is chosen stands in the address too, so that a view can be linked to.
const filters = document.querySelector("form.filters");
if (filters) {
  const choices = ["category", "method", "show"];
  const apply = () => {
    const [category, method, show] = choices.map(name => filters.elements[name].value);
    let shown = 0;
    for (const cell of document.querySelectorAll("section.cell")) {
      let left = 0;
      for (const strip of cell.querySelectorAll(".strip")) {
        const isWrong = strip.classList.contains("wrong");
        strip.hidden = (show === "wrong" && !isWrong) || (show === "right" && isWrong);
        left += strip.hidden ? 0 : 1;
      }
      cell.hidden = left === 0 || (category && cell.dataset.category !== category) || (method && cell.dataset.method !== method);
      shown += cell.hidden ? 0 : left;
    }
    filters.querySelector("output").value = `${shown} ${shown === 1 ? "image" : "images"}`;
  };
  const given = new URLSearchParams(location.hash.slice(1));
  for (const name of choices)
    if (given.has(name)) filters.elements[name].value = given.get(name);
  filters.addEventListener("input", () => {
    history.replaceState(null, "", "#" + new URLSearchParams(choices.map(name => [name, filters.elements[name].value])));
    apply();
  });
  apply();
}

// A click on a picture gives it the whole width.
for (const picture of document.querySelectorAll(".strip img"))
  picture.addEventListener("click", () => picture.closest(".strip").classList.toggle("large"));
