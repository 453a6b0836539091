// Small line charts on a canvas, with the newest value in words.

const seriesColours = () => document.documentElement.dataset.theme === "dark"
  ? ["#5cc6bb", "#f0b85c", "#8fb4f0", "#e08cc0", "#b5d66a", "#ff9d92"]
  : ["#0b6b6b", "#b35c00", "#2f5fb3", "#a13a78", "#55761a", "#b3261e"];

/// A chart of some series: [{ words, values }], each with one value (or null) for each reading.
class Chart {
  /// `show` turns a value into words; `floor` is a number that the scale reaches at least; the headline
  /// is the newest value of the first series.
  constructor(title, show, { floor = 0, hasHeadline = true } = {}) {
    this.title = title;
    this.show = show;
    this.floor = floor;
    this.hasHeadline = hasHeadline;
    this.canvas = h("canvas", { role: "img" });
    this.now = h("span", { class: "now" });
    this.legend = h("p", { class: "legend" });
    this.element = h("figure", { class: "panel chart" },
      h("header", {}, h("h2", {}, title), this.now), this.canvas, this.legend);
    this.element.style.margin = "0";
  }

  paint(series, times) {
    const known = series.filter((one) => one.values.some((value) => value !== null));
    this.element.hidden = known.length === 0;
    if (known.length === 0) return;
    const last = (one) => one.values.findLast((value) => value !== null);
    this.now.textContent = this.hasHeadline ? this.show(last(known[0])) : "";
    const colours = seriesColours();
    this.legend.replaceChildren(...known.length < 2 ? [] : known.map((one, index) => {
      const key = h("span", { class: "line-key", dataset: { dash: index % 3 }, "aria-hidden": "true" });
      key.style.borderTopColor = colours[index % colours.length];
      return h("span", {}, key, `${one.words} ${this.show(last(one))}`);
    }));
    this.canvas.setAttribute("aria-label", `${this.title}: ${known.map((one) => `${one.words} ${this.show(last(one))}`).join(", ")}`);
    this.draw(known, times, colours);
  }

  draw(series, times, colours) {
    const { canvas } = this;
    const scale = devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (width === 0) return;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const context = canvas.getContext("2d");
    context.scale(scale, scale);
    const most = Math.max(this.floor, 1e-9, ...series.flatMap((one) => one.values.filter((value) => value !== null)));
    const left = 4;
    const right = width - 4;
    const span = Math.max(30_000, times.at(-1) - times[0]);
    const x = (time) => right - (times.at(-1) - time) / span * (right - left);
    const y = (value) => height - 15 - value / most * (height - 30);
    context.strokeStyle = colour("--line");
    context.fillStyle = colour("--muted");
    context.font = `11px ${colour("--sans")}`;
    for (const value of [0, most]) {
      context.beginPath();
      context.moveTo(left, y(value) + 0.5);
      context.lineTo(right, y(value) + 0.5);
      context.stroke();
    }
    context.fillText(this.show(most), left, y(most) - 3);
    context.fillText(`${duration(span / 1000)} ago`, left, height - 2);
    context.textAlign = "right";
    context.fillText("now", right, height - 2);
    series.forEach((one, index) => {
      context.strokeStyle = colours[index % colours.length];
      context.lineWidth = 1.8;
      context.setLineDash([[], [6, 3], [2, 3]][index % 3]);
      context.beginPath();
      let isDrawing = false;
      one.values.forEach((value, place) => {
        if (value === null) { isDrawing = false; return; }
        if (isDrawing) context.lineTo(x(times[place]), y(value));
        else context.moveTo(x(times[place]), y(value));
        isDrawing = true;
      });
      context.stroke();
      const place = one.values.findLastIndex((value) => value !== null);
      context.beginPath();
      context.arc(x(times[place]), y(one.values[place]), 2.5, 0, 2 * Math.PI);
      context.fillStyle = colours[index % colours.length];
      context.fill();
    });
    context.setLineDash([]);
  }
}
