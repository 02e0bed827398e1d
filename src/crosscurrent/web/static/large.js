'use strict';
/* The one large chart of the drawer: bands of A and B with their axis, and left of the decision what was observed. */
CC.large = {};

const LARGE = { tall: 220, left: 56, right: 8, top: 16, base: 192, past: 13 };
const SEEN_DOT = 'M-2.6 0a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0';

/* Observed figures are totals of twelve months; one stands where its twelve months end. */
const periodEnd = (period, year) => (period === 'fiscal year' ? year + 0.75 : year + 1);

/* Narrow on a phone, so that its labels stay readable. */
const largeWidth = () => (CC.small() ? 360 : 516);

CC.large.markup = (measure, cell, at, observed) => {
  const mode = CC.state.mode, seen = mode === 'levels' && observed ? seenBefore(observed) : [];
  const axis = new CC.Scale();
  axis.take({ cell });
  let { low, high } = axis.of(mode);
  if (seen.length) high = Math.max(high, CC.roundUp(Math.max(...seen.map(row => row.value)) * 1.04));
  const { start, per_year: each } = CC.case.calendar, points = cell.b[0].length, end = start + (points - 1) / each;
  const first = seen.length ? Math.min(...seen.map(row => row.at)) - 0.3 : start;
  const { tall, left, right, top, base } = LARGE, wide = largeWidth();
  const x = time => left + ((time - first) / (end - first)) * (wide - left - right);
  const y = value => base - ((value - low) / (high - low)) * (base - top);
  const place = { x: point => x(start + point / each), y };
  const ticks = mode === 'levels' ? [low, (low + high) / 2, high] : [low, low / 2, 0, high / 2, high];
  const rules = ticks.map(value => `<line x1="${left}" x2="${wide - right}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}" stroke="${CC.INK.grid}"/><text x="${left - 5}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${CC.tick(value * CC.factor(measure), mode !== 'levels')}</text>`).join('');
  const years = [...new Set([Math.ceil(first), Math.ceil(start), Math.round((start + end) / 2), Math.floor(end)])].filter((year, number, all) => !number || x(year) - x(all[number - 1]) > 34);
  const anchor = year => (year === years.at(-1) ? 'end' : 'middle');
  const labels = years.map(year => `<text x="${x(year).toFixed(1)}" y="${tall - 10}" text-anchor="${anchor(year)}">${year}</text><line x1="${x(year).toFixed(1)}" x2="${x(year).toFixed(1)}" y1="${base}" y2="${base + 4}" stroke="${CC.INK.mute}"/>`).join('');
  const dots = seen.map(row => `<path transform="translate(${x(row.at).toFixed(1)} ${y(row.value).toFixed(1)})" d="${SEEN_DOT}" fill="${CC.INK.text}"/>`).join('');
  const cut = seen.length ? `<line x1="${x(start).toFixed(1)}" x2="${x(start).toFixed(1)}" y1="${top - 8}" y2="${base}" stroke="${CC.INK.mute}" stroke-dasharray="2 3"/>` : '';
  const now = place.x(at).toFixed(1);
  return `<svg class="large" viewBox="0 0 ${wide} ${tall}" aria-hidden="true">${rules}${mode === 'levels' ? largeLevels(cell, place) : largeDifferences(cell, place, CC.measure(measure).better)}${dots}${cut}<line x1="${now}" x2="${now}" y1="${top - 8}" y2="${base}" stroke="${CC.INK.text}" opacity=".55"/>${labels}</svg>${seen.length ? seenTable(measure, observed, seen) : ''}`;
};

function seenBefore(observed) {
  const { start } = CC.case.calendar;
  return observed.points.map(row => ({ ...row, at: periodEnd(observed.period, row.year) })).filter(row => row.at <= start + 0.01 && row.at > start - LARGE.past);
}

const largePath = (values, place) => values.map((value, point) => `${place.x(point).toFixed(1)} ${place.y(value).toFixed(1)}`);
const largeArea = (low, high, place) => `M${[...largePath(high, place), ...largePath(low, place).reverse()].join('L')}Z`;

function largeLevels({ a, b }, place) {
  const band = (bands, colour, weak, strong) => `<path d="${largeArea(bands[0], bands[4], place)}" fill="${colour}" opacity="${weak}"/><path d="${largeArea(bands[1], bands[3], place)}" fill="${colour}" opacity="${strong}"/>`;
  const edge = (values, colour, dash) => `<path d="M${largePath(values, place).join('L')}" fill="none" stroke="${colour}" stroke-width="1.2" stroke-dasharray="${dash}"/>`;
  const middle = CC.state.middle ? edge(a[2], CC.INK.a, '4 3') + edge(b[2], CC.INK.b, '') : '';
  return band(a, CC.INK.a, 0.17, 0.3) + band(b, CC.INK.b, 0.16, 0.36) + [0, 4].map(level => edge(a[level], CC.INK.a, '3 2') + edge(b[level], CC.INK.b, '')).join('') + middle;
}

/* Above and below zero have the hue of the policy that does better there; none where people dispute it. */
function largeDifferences({ d }, place, sense) {
  const { left, right, top, base } = LARGE, wide = largeWidth(), zero = place.y(0);
  const colour = side => (sense === 0 ? CC.INK.plain : side * sense > 0 ? CC.INK.b : CC.INK.a);
  const part = (name, from, to, ink) => `<clipPath id="${name}"><rect x="${left}" y="${from.toFixed(1)}" width="${wide - left - right}" height="${(to - from).toFixed(1)}"/></clipPath><g clip-path="url(#${name})" fill="${ink}"><path d="${largeArea(d[0], d[4], place)}" opacity=".28"/><path d="${largeArea(d[1], d[3], place)}" opacity=".5"/></g>`;
  const middle = CC.state.middle ? `<path d="M${largePath(d[2], place).join('L')}" fill="none" stroke="${CC.INK.text}" stroke-width="1.6"/>` : '';
  return `${part('above-zero', top, zero, colour(1))}${part('below-zero', zero, base, colour(-1))}<line x1="${left}" x2="${wide - right}" y1="${zero.toFixed(1)}" y2="${zero.toFixed(1)}" stroke="${CC.INK.text}"/>${middle}`;
}

/* What the dots are, by whom, and their figures. */
function seenTable(measure, observed, seen) {
  const name = CC.labelMarkup('series', `${observed.series}.${measure}`, observed.label);
  const rows = seen.map(row => `<tr><th scope="row">${row.year}</th><td>${CC.number(row.value * CC.factor(measure))}</td></tr>`).join('');
  return `<details class="observed"><summary>${CC.safeT('observed.title')}: ${name}</summary><p class="small">${CC.safeT('observed.from', { publisher: '|' }).replace('|', CC.institutions(observed.publisher))}</p><table class="plain"><thead><tr><th scope="col">${CC.safeT(observed.period === 'fiscal year' ? 'observed.fiscal' : 'year')}</th><th scope="col">${CC.safe(CC.unitName(measure))}</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}
