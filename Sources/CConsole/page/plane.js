// Points in the plane on a canvas: tens of thousands, drawn pixel by pixel in a few milliseconds.

/// Twelve colours that stay apart for the common kinds of colour blindness, for light and dark grounds.
const clusterColours = [
  "#3b76b5", "#d9822b", "#3f9b6c", "#b8487f", "#8a63c9", "#8c7a2e",
  "#2aa3b0", "#c94f4f", "#6c8f2f", "#5d6b7d", "#a0623a", "#d170c4",
];

/// Stops of viridis, dark to light.
const viridis = [[68, 1, 84], [71, 45, 123], [59, 82, 139], [44, 114, 142], [33, 145, 140], [40, 174, 128], [94, 201, 98], [173, 220, 48], [253, 231, 37]];

function viridisColour(share) {
  const place = Math.min(0.9999, Math.max(0, share)) * (viridis.length - 1);
  const low = Math.floor(place);
  return viridis[low].map((value, index) => Math.round(value + (viridis[low + 1][index] - value) * (place - low)));
}

const hexColour = (text) => [1, 3, 5].map((start) => parseInt(text.slice(start, start + 2), 16));

/// Draws points and finds them. `xs` and `ys` are Float32Array in the data's own units.
class Plane {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
    this.points = 0;
    this.center = [0, 0];
    /// CSS pixels for one unit of the data.
    this.zoom = 1;
    this.selected = new Set();
    this.lasso = [];
    this.hovered = -1;
  }

  setPoints(xs, ys) {
    this.xs = xs;
    this.ys = ys;
    this.points = xs.length;
    this.cells = new Map();
    let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
    for (let i = 0; i < xs.length; i++) {
      left = Math.min(left, xs[i]); right = Math.max(right, xs[i]);
      low = Math.min(low, ys[i]); high = Math.max(high, ys[i]);
    }
    this.bounds = xs.length > 0 ? [left, right, low, high] : [-1, 1, -1, 1];
    this.cell = Math.max(right - left, high - low, 1e-6) / 160;
    for (let i = 0; i < xs.length; i++) {
      const key = this.cellOf(xs[i], ys[i]);
      const members = this.cells.get(key);
      if (members) members.push(i); else this.cells.set(key, [i]);
    }
  }

  cellOf(x, y) { return Math.floor(x / this.cell) * 65_536 + Math.floor(y / this.cell) + 32_768; }

  /// `colours` is three bytes for each point.
  setColours(colours) { this.colours = colours; }

  resize() {
    const scale = Math.min(2, devicePixelRatio || 1);
    this.scale = scale;
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    this.canvas.width = Math.max(1, Math.round(this.width * scale));
    this.canvas.height = Math.max(1, Math.round(this.height * scale));
    this.image = this.context.createImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /// Shows everything.
  fit() {
    const [left, right, low, high] = this.bounds;
    this.center = [(left + right) / 2, (low + high) / 2];
    this.zoom = 0.92 * Math.min(this.width / Math.max(1e-6, right - left), this.height / Math.max(1e-6, high - low));
    this.fitted = this.zoom;
  }

  toScreen(x, y) { return [(x - this.center[0]) * this.zoom + this.width / 2, (this.center[1] - y) * this.zoom + this.height / 2]; }
  toData(x, y) { return [(x - this.width / 2) / this.zoom + this.center[0], this.center[1] - (y - this.height / 2) / this.zoom]; }

  /// Zooms by a factor around a place of the screen that stays where it is.
  zoomBy(factor, x = this.width / 2, y = this.height / 2) {
    const [dataX, dataY] = this.toData(x, y);
    this.zoom = Math.min(this.fitted * 400, Math.max(this.fitted * 0.5, this.zoom * factor));
    this.center = [dataX - (x - this.width / 2) / this.zoom, dataY + (y - this.height / 2) / this.zoom];
  }

  moveBy(x, y) { this.center = [this.center[0] - x / this.zoom, this.center[1] + y / this.zoom]; }

  /// The point nearest to a place of the screen, within some pixels; −1 for none.
  nearest(x, y, within = 10) {
    const [dataX, dataY] = this.toData(x, y);
    const reach = within / this.zoom;
    const steps = Math.min(40, Math.ceil(reach / this.cell));
    let [best, distance] = [-1, reach * reach];
    for (let column = -steps; column <= steps; column++) {
      for (let row = -steps; row <= steps; row++) {
        for (const i of this.cells.get(this.cellOf(dataX + column * this.cell, dataY + row * this.cell)) ?? []) {
          const square = (this.xs[i] - dataX) ** 2 + (this.ys[i] - dataY) ** 2;
          if (square < distance) [best, distance] = [i, square];
        }
      }
    }
    return best;
  }

  /// The points inside a polygon of data coordinates (even-odd rule), or all that are on the screen.
  inside(polygon) {
    const found = [];
    for (let i = 0; i < this.points; i++) {
      const [x, y] = [this.xs[i], this.ys[i]];
      let isInside = false;
      for (let a = 0, b = polygon.length - 1; a < polygon.length; b = a++) {
        const [ax, ay] = polygon[a];
        const [bx, by] = polygon[b];
        if (ay > y !== by > y && x < (bx - ax) * (y - ay) / (by - ay) + ax) isInside = !isInside;
      }
      if (isInside) found.push(i);
    }
    return found;
  }

  draw(ground, ink) {
    const { pixels, canvas: { width, height } } = this;
    const back = 0xff000000 | ground[2] << 16 | ground[1] << 8 | ground[0];
    pixels.fill(back);
    const grown = Math.min(3, 1 + Math.log2(Math.max(1, this.zoom / this.fitted)) * 0.45);
    const radius = (this.points > 20_000 ? 1.3 : this.points > 3000 ? 1.8 : 3.2) * grown * this.scale;
    const disc = discMask(radius);
    const zoom = this.zoom * this.scale;
    const [left, top] = [width / 2 - this.center[0] * zoom, height / 2 + this.center[1] * zoom];
    const hasSelection = this.selected.size > 0;
    for (let i = 0; i < this.points; i++) {
      const x = Math.round(left + this.xs[i] * zoom);
      const y = Math.round(top - this.ys[i] * zoom);
      if (x < -disc.reach || y < -disc.reach || x >= width + disc.reach || y >= height + disc.reach) continue;
      const strength = hasSelection && !this.selected.has(i) ? 0.22 : 0.86;
      this.stamp(disc, x, y, this.colours[3 * i], this.colours[3 * i + 1], this.colours[3 * i + 2], strength);
    }
    this.context.putImageData(this.image, 0, 0);
    this.drawOver(ink);
  }

  stamp(disc, x, y, red, green, blue, strength) {
    const { pixels, canvas: { width, height } } = this;
    for (let place = 0; place < disc.cover.length; place++) {
      const column = x + disc.dx[place];
      const row = y + disc.dy[place];
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      const share = disc.cover[place] * strength;
      const old = pixels[row * width + column];
      const [r, g, b] = [old & 255, old >> 8 & 255, old >> 16 & 255];
      pixels[row * width + column] = 0xff000000 | b + (blue - b) * share << 16 | g + (green - g) * share << 8 | r + (red - r) * share;
    }
  }

  drawOver(ink) {
    const { context } = this;
    context.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    context.strokeStyle = ink;
    context.lineWidth = 2;
    if (this.lasso.length > 1) {
      context.beginPath();
      for (const [x, y] of this.lasso) context.lineTo(...this.toScreen(x, y));
      context.closePath();
      context.setLineDash([6, 4]);
      context.stroke();
      context.setLineDash([]);
    }
    if (this.hovered >= 0) {
      context.beginPath();
      context.arc(...this.toScreen(this.xs[this.hovered], this.ys[this.hovered]), 8, 0, 2 * Math.PI);
      context.stroke();
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
  }
}

/// Which pixels a disc covers, and how much of each.
function discMask(radius) {
  const reach = Math.ceil(radius);
  const disc = { reach, dx: [], dy: [], cover: [] };
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const cover = Math.min(1, radius + 0.5 - Math.hypot(dx, dy));
      if (cover > 0.03) { disc.dx.push(dx); disc.dy.push(dy); disc.cover.push(cover); }
    }
  }
  return disc;
}
