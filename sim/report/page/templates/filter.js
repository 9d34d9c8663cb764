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
    for (const row of table.querySelectorAll("tbody tr:not(.heading)")) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
    }
  });
}
