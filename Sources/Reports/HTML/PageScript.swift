/// What pages can do beyond being read: filter, sort, zoom.
///
/// They lack nothing where it does not run.
enum PageScript {
  /// What the page's policy lets run, and nothing else; a test holds it to the text.
  static let hash = "sha256-at9jusMGN64p07gcuaaLmid+BLDmdjsFVhnk+jYZafE="

  static let text: StaticString = """
    "use strict";
    (() => {
      const make = (name, text, parent) => {
        const element = document.createElement(name);
        element.textContent = text;
        parent.append(element);
        return element;
      };
      const all = (selector, root) => [...(root || document).querySelectorAll(selector)];
      const accounts = all("[data-find]");
      if (accounts.length > 1) {
        const tools = document.createElement("div");
        tools.className = "tools";
        document.querySelector("#findings h2").after(tools);
        const label = make("label", "Only accounts with ", tools);
        const search = make("input", "", label);
        search.type = "search";
        const levels = ["error", "warning", "notice"].map(level => {
          if (!document.querySelector(`[data-level=${level}]`)) return null;
          const label = make("label", "", tools);
          const box = make("input", "", label);
          box.type = "checkbox";
          box.checked = true;
          label.append(" " + level + "s");
          return [level, box];
        }).filter(pair => pair);
        const apply = () => {
          const wanted = search.value.toLowerCase();
          for (const [level, box] of levels)
            for (const finding of all(`[data-level=${level}]`)) finding.hidden = !box.checked;
          for (const account of accounts) {
            const findings = all("[data-level]", account);
            account.hidden = !account.dataset.find.toLowerCase().includes(wanted)
              || findings.length > 0 && findings.every(finding => finding.hidden);
          }
        };
        tools.addEventListener("input", apply);
      }
      const key = (row, column) => {
        const cell = row.cells[column];
        const text = cell.dataset.sort || cell.textContent.replace(/,/g, "");
        return [Number.parseFloat(text === "-" ? "0" : text), cell.textContent];
      };
      for (const table of all("table.sort")) {
        all("thead th", table).forEach((head, column) => {
          const button = make("button", head.textContent, head);
          head.firstChild.remove();
          let sign = 1;
          button.addEventListener("click", () => {
            const rows = all("tbody tr", table).map(row => [key(row, column), row]);
            const isNumeric = rows.every(([[number]]) => !Number.isNaN(number));
            rows.sort(([a], [b]) =>
              sign * (isNumeric ? a[0] - b[0] : a[1].localeCompare(b[1])));
            for (const other of all("thead th", table)) other.removeAttribute("aria-sort");
            head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
            sign = -sign;
            table.tBodies[0].append(...rows.map(([, row]) => row));
          });
        });
      }
      for (const picture of all("svg.tl")) {
        const place = picture.parentElement;
        const tools = document.createElement("div");
        tools.className = "tools";
        place.before(tools);
        let zoom = 1;
        for (const [name, factor] of [["Zoom in", 2], ["Zoom out", 0.5]]) {
          const button = make("button", name, tools);
          button.addEventListener("click", () => {
            const middle = (place.scrollLeft + place.clientWidth / 2) / picture.clientWidth;
            zoom = Math.min(Math.max(zoom * factor, 1), 16);
            picture.style.width = 100 * zoom + "%";
            place.scrollLeft = middle * picture.clientWidth - place.clientWidth / 2;
          });
        }
      }
    })();
    """
}
