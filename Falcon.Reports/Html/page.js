// A click on a heading sorts the rows of each table body by that column; a second click turns the order round.
for (const heading of document.querySelectorAll("tr.sort th"))
  heading.addEventListener("click", () => {
    const column = heading.cellIndex, falling = heading.dataset.order !== "falling";
    heading.dataset.order = falling ? "falling" : "rising";
    const value = row => row.cells[column].dataset.value ?? row.cells[column].textContent;
    for (const body of heading.closest("table").tBodies)
      body.append(...[...body.rows].sort((a, b) =>
        (falling ? -1 : 1) * value(a).localeCompare(value(b), "en", { numeric: true })));
  });
