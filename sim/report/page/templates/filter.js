// A search box above each long table. Without this script the tables are all there.
for (const box of document.querySelectorAll(".filtered")) {
  const table = box.querySelector("table");
  const label = document.createElement("label");
  label.className = "filter";
  label.textContent = "Show rows with ";
  const input = document.createElement("input");
  input.type = "search";
  label.append(input);
  box.prepend(label);
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase();
    for (const group of table.tBodies) {
      const heading = group.querySelector(".heading");
      const above = heading ? heading.textContent : "";
      for (const row of group.querySelectorAll("tr:not(.heading)")) {
        row.hidden = !(above + row.textContent).toLowerCase().includes(wanted);
      }
      if (heading) heading.hidden = !group.querySelector("tr:not(.heading):not([hidden])");
    }
  });
}
