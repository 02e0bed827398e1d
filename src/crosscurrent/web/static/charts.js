'use strict';
/* Chart grammar. Hue means policy, shape and place mean theory. Canvas for what moves with a lever, SVG for the rest.
   Drawing only writes: one read of the layout here would cost a reflow for each of 24 charts. */
CC.INK = { a: '#0b6e74', b: '#a65a00', text: '#1d2528', mute: '#566268', grid: '#e3e6e4', plain: '#4b565b', pale: '#9aa5a8' };

let hatching = null;
function hatch(context) {
  if (hatching) return hatching;
  const tile = document.createElement('canvas');
  tile.width = tile.height = 6;
  const pen = tile.getContext('2d');
  pen.strokeStyle = CC.INK.b;
  pen.globalAlpha = 0.62;
  pen.beginPath();
  for (const shift of [-6, 0, 6]) { pen.moveTo(shift - 1, 7); pen.lineTo(shift + 7, -1); }
  pen.stroke();
  return (hatching = context.createPattern(tile, 'repeat'));
}

CC.Fan = class {
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext('2d');
    this.width = 0;
  }

  /* The one place that reads the layout; called when the page is laid out anew, never while a lever moves. */
  measure() {
    const scale = Math.min(devicePixelRatio || 1, 2), { clientWidth, clientHeight } = this.canvas;
    this.width = clientWidth;
    this.height = clientHeight;
    this.canvas.width = Math.round(clientWidth * scale);
    this.canvas.height = Math.round(clientHeight * scale);
    this.pen.setTransform(scale, 0, 0, scale, 0, 0);
  }

  /* view: mode, a, b, d (five bands by point), low, high, ticks, sense, middle, point */
  draw(view) {
    if (!this.width) this.measure();
    const { pen, width, height } = this;
    pen.clearRect(0, 0, width, height);
    if (!view.b) return;
    this.points = view.b[0].length;
    this.low = view.low;
    this.high = view.high;
    this.rules(view);
    if (view.mode === 'levels') this.levels(view);
    else this.difference(view);
    if (view.point != null) this.cursor(view.point);
  }

  x(point) { return (point / (this.points - 1)) * (this.width - 2) + 1; }
  y(value) { return this.height - 1 - ((value - this.low) / (this.high - this.low)) * (this.height - 2); }

  trace(values, first = true) {
    if (first) this.pen.beginPath();
    for (let point = 0; point < this.points; point++) this.pen.lineTo(this.x(point), this.y(values[point]));
  }

  area(low, high) {
    this.trace(high);
    for (let point = this.points - 1; point >= 0; point--) this.pen.lineTo(this.x(point), this.y(low[point]));
    this.pen.closePath();
  }

  rules(view) {
    const { pen, width } = this;
    pen.lineWidth = 1;
    pen.strokeStyle = CC.INK.grid;
    pen.beginPath();
    for (const value of view.ticks) {
      const y = Math.round(this.y(value)) + 0.5;
      pen.moveTo(0, y);
      pen.lineTo(width, y);
    }
    pen.stroke();
  }

  fill(colour, alpha) {
    this.pen.fillStyle = colour;
    this.pen.globalAlpha = alpha;
    this.pen.fill();
    this.pen.globalAlpha = 1;
  }

  edge(values, colour, dash, width) {
    this.pen.strokeStyle = colour;
    this.pen.lineWidth = width;
    this.pen.setLineDash(dash);
    this.trace(values);
    this.pen.stroke();
    this.pen.setLineDash([]);
  }

  levels({ a, b, middle }) {
    this.area(a[0], a[4]); this.fill(CC.INK.a, 0.17);
    this.area(a[1], a[3]); this.fill(CC.INK.a, 0.3);
    this.area(b[0], b[4]); this.fill(hatch(this.pen), 1);
    this.area(b[1], b[3]); this.fill(CC.INK.b, 0.36);
    for (const level of [0, 4]) this.edge(a[level], CC.INK.a, [3, 2], 1);
    for (const level of [0, 4]) this.edge(b[level], CC.INK.b, [], 1);
    if (!middle) return;
    for (const [values, colour, dash] of [[a[2], CC.INK.a, [4, 3]], [b[2], CC.INK.b, []]]) {
      this.edge(values, '#fff', [], 4);
      this.edge(values, colour, dash, 2);
    }
  }

  difference({ d, sense, middle }) {
    const { pen, width, height } = this, zero = this.y(0);
    const above = sense === 0 ? CC.INK.plain : sense < 0 ? CC.INK.a : CC.INK.b;
    const below = sense === 0 ? CC.INK.plain : sense < 0 ? CC.INK.b : CC.INK.a;
    for (const [colour, top, tall] of [[above, 0, zero], [below, zero, height - zero]]) {
      pen.save();
      pen.beginPath();
      pen.rect(0, top, width, tall);
      pen.clip();
      this.area(d[0], d[4]); this.fill(colour, 0.28);
      this.area(d[1], d[3]); this.fill(colour, 0.5);
      pen.restore();
    }
    pen.strokeStyle = CC.INK.text;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(0, Math.round(zero) + 0.5);
    pen.lineTo(width, Math.round(zero) + 0.5);
    pen.stroke();
    if (middle) { this.edge(d[2], '#fff', [], 4); this.edge(d[2], CC.INK.text, [], 1.6); }
  }

  cursor(point) {
    const x = Math.round(this.x(point)) + 0.5;
    this.pen.strokeStyle = CC.INK.text;
    this.pen.globalAlpha = 0.55;
    this.pen.lineWidth = 1;
    this.pen.beginPath();
    this.pen.moveTo(x, 0);
    this.pen.lineTo(x, this.height);
    this.pen.stroke();
    this.pen.globalAlpha = 1;
  }
};

/* A number at or above another, of the form 1, 2, 2.5 or 5 times a power of ten. */
CC.roundUp = value => {
  if (!(value > 0) || !isFinite(value)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find(step => step * power >= value * 0.9999) * power;
};

/* One scale for all theories of a row. It only grows, so that nothing jumps under the hand and nothing is clipped. */
CC.Scale = class {
  constructor() { this.reset(); }
  reset() { this.levels = { low: 0, high: 0 }; this.difference = { low: 0, high: 0 }; }

  take(cells) {
    let top = 0, bottom = 0, wide = 0;
    for (const cell of Object.values(cells)) {
      if (!cell.b) continue;
      for (const bands of [cell.a, cell.b]) { top = Math.max(top, ...bands[4]); bottom = Math.min(bottom, ...bands[0]); }
      wide = Math.max(wide, ...cell.d[4], ...cell.d[0].map(value => -value));
    }
    const grown = top > this.levels.high || bottom < this.levels.low || wide > this.difference.high;
    if (top > this.levels.high) this.levels.high = CC.roundUp(top * 1.04);
    if (bottom < this.levels.low) this.levels.low = -CC.roundUp(-bottom);
    if (this.levels.high === this.levels.low) this.levels.high = this.levels.low + 1;
    if (wide > this.difference.high) this.difference.high = CC.roundUp(wide * 1.04);
    if (!this.difference.high) this.difference.high = this.levels.high / 10;
    this.difference.low = -this.difference.high;
    return grown;
  }

  of(mode) { return mode === 'levels' ? this.levels : this.difference; }
  ticks(mode) {
    const { low, high } = this.of(mode);
    return mode === 'levels' ? [high / 2, ...(low < 0 ? [0] : [])] : [low / 2, high / 2];
  }
};

/* One cell of a matrix: 5-95 thin, 25-75 thick, zero line. */
CC.strip = (bands, reach, colour, middle) => {
  const place = value => ((Math.max(-reach, Math.min(reach, value)) + reach) / (2 * reach)) * 100;
  const bar = (low, high, y, height, opacity) =>
    `<rect x="${place(low).toFixed(1)}" y="${y}" width="${Math.max(1.2, place(high) - place(low)).toFixed(1)}" height="${height}" fill="${colour}" opacity="${opacity}"/>`;
  const line = '<line x1="50" x2="50" y1="0" y2="18" stroke="#1d2528" vector-effect="non-scaling-stroke"/>';
  const mark = middle ? `<rect x="${(place(bands[2]) - 0.6).toFixed(1)}" y="3" width="1.2" height="12" fill="#1d2528"/>` : '';
  return `<svg class="strip" viewBox="0 0 100 18" preserveAspectRatio="none" aria-hidden="true">${line}${bar(bands[0], bands[4], 7.5, 3, 0.55)}${bar(bands[1], bands[3], 5, 8, 1)}${mark}</svg>`;
};

/* A share of worlds with its sampling error: one neutral ink, ticks at 20 and 80. */
CC.shareBar = (share, error) => {
  const whole = share * 100, wide = 1.645 * (error || 0) * 100;
  const ticks = [20, 80].map(x => `<line x1="${x}" x2="${x}" y1="1" y2="18" stroke="#1d2528" vector-effect="non-scaling-stroke"/>`).join('');
  const whisker = `<line x1="${Math.max(0, whole - wide).toFixed(1)}" x2="${Math.min(100, whole + wide).toFixed(1)}" y1="9.5" y2="9.5" stroke="#d99a00" stroke-width="2.5" vector-effect="non-scaling-stroke"/>`;
  return `<svg class="share-bar" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="9" y="5" fill="#e1e6e3"/><rect width="${whole.toFixed(1)}" height="9" y="5" fill="#4b565b"/>${ticks}${whisker}</svg>`;
};
