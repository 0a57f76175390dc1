/// What pages can do beyond being read: filter, sort, zoom.
///
/// They lack nothing where it does not run.
enum PageScript {
  /// What the page's policy lets run, and nothing else; a test holds it to the text.
  static let hash = "sha256-PaEbUoMvUmv/PPZaQOysqj+zZPsiaVbF8NAAG21SGbc="

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
          const isShown = level => levels.every(([name, box]) => name !== level || box.checked);
          for (const finding of all("[data-level]"))
            finding.hidden = !isShown(finding.dataset.level);
          for (const account of accounts) {
            const findings = all("[data-level]", account);
            const level = account.dataset.level;
            account.hidden = !account.dataset.find.toLowerCase().includes(wanted)
              || level && !isShown(level)
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
      const stretch = (picture, zoom) => {
        const axis = picture.querySelector(".ax");
        const read = (element, name) => element.dataset[name] || element.getAttribute(name);
        const left = Number(axis.getAttribute("x1"));
        const right = Number(read(axis, "x2"));
        const place = value => left + (value - left) * zoom;
        const put = (element, name, change) => {
          const value = read(element, name);
          if (value === null) return;
          element.dataset[name] = value;
          element.setAttribute(name, change(value));
        };
        for (const element of all("rect,line,path,text", picture)) {
          for (const name of ["x", "x1", "x2"])
            put(element, name, value => Number(value) < left ? value : place(Number(value)));
          put(element, "width", value => Number(value) * zoom);
          put(element, "d", value => value.replace(/^M[0-9.]+/, start =>
            "M" + place(Number(start.slice(1)))));
        }
        const share = (place(right) + 10) / 1000;
        const height = picture.viewBox.baseVal.height;
        picture.setAttribute("viewBox", `0 0 ${1000 * share} ${height}`);
        picture.style.width = 100 * share + "%";
        picture.style.minWidth = 46 * share + "rem";
      };
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
            stretch(picture, zoom);
            place.scrollLeft = middle * picture.clientWidth - place.clientWidth / 2;
          });
        }
        const tell = event => {
          const words = event.target.closest(".m")?.querySelector(".tip");
          const scale = picture.viewBox.baseVal.width / picture.clientWidth;
          words?.setAttribute("x", place.scrollLeft * scale);
        };
        picture.addEventListener("mouseover", tell);
        picture.addEventListener("focusin", tell);
      }
    })();
    """
}
