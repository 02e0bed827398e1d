'use strict';
/* Below the flips: lines of what is in force, tipping points as intervals, circles where pathways switch. One theory at
   a time, chosen by a control; the map is that of the pathways that were simulated. */
CC.pathways = { names: null, found: null, kept: {} };
let pathsAsked = 0;

const narrowPaths = matchMedia('(max-width:760px)'), middlePaths = matchMedia('(max-width:1180px)');
for (const width of [narrowPaths, middlePaths]) width.addEventListener('change', () => CC.pathways.mark());

/* The objective of the address, else that of the measure in view, else the first. */
CC.pathways.objective = () => {
  const S = CC.state, all = CC.pathways.names.objectives;
  return all.find(one => one.id === S.objective) || all.find(one => one.measure === S.m) || all[0];
};
CC.pathways.theory = () => (CC.theory(CC.state.theory) ? CC.state.theory : CC.case.theories[0].id);

/* Nothing is simulated before somebody comes near it. */
CC.pathways.build = () => {
  const place = document.createElement('section');
  place.id = 'pathways';
  place.setAttribute('aria-labelledby', 'paths-title');
  place.innerHTML = `<h2 class="title" id="paths-title">${CC.safeT('paths.title')}</h2><div id="paths-choices"></div><p id="paths-state" role="status"></p><div id="paths-map"></div>`;
  CC.one('#view-flips').append(place);
  CC.pathways.found = null;
  pathsAsked++;
  if (!CC.source.live) { CC.pathways.show(); return; }
  const watch = new IntersectionObserver(seen => {
    if (!seen.some(one => one.isIntersecting)) return;
    watch.disconnect();
    CC.pathways.show();
  });
  watch.observe(place);
};

CC.pathways.mark = () => { if (CC.pathways.found) { drawChoices(); drawPaths(CC.pathways.found); } };

CC.pathways.show = async () => {
  const asked = ++pathsAsked, current = () => asked === pathsAsked && CC.state.view === 'flips';
  try {
    CC.pathways.names ||= await CC.source.pathwayNames();
    if (!current()) return;
    if (!CC.pathways.names.objectives.length) { CC.one('#paths-map').innerHTML = `<p class="absent">${CC.safeT('paths.absent')}</p>`; return; }
    drawChoices();
    const question = { objective: CC.pathways.objective().id, theory: CC.pathways.theory() }, key = Object.values(question).join(' ');
    let found = CC.pathways.kept[key];
    if (found) drawPaths(found);
    for (;;) {
      const next = found && !found.computing ? found : await CC.source.pathways(question);
      if (!current()) return;
      if (next.computed && (!found || found.worlds !== next.worlds)) { drawPaths(next); CC.pathways.kept[key] = next; }
      if (next.computed) found = next;
      else if (CC.pathways.found !== null) { CC.pathways.found = null; CC.one('#paths-map').innerHTML = ''; }
      stateOf(next);
      if (!next.computing || next.computing.error) return;
      await new Promise(done => setTimeout(done, 500));
    }
  } catch (error) {
    if (current()) CC.one('#paths-state').textContent = CC.problem(error);
  }
};

function drawChoices() {
  const goal = CC.pathways.objective(), theory = CC.pathways.theory(), place = CC.one('#paths-choices'), held = focused(place);
  const whole = one => CC.label('objective', one.id, one.label), brief = one => `${CC.measureName(one.measure)} ${one.kind === 'at_most' ? '≤' : '≥'} ${valueOf(one, one.bound)}`;
  const goals = CC.pathways.names.objectives.map(one => `<option value="${CC.safe(one.id)}" ${one === goal ? 'selected' : ''}>${CC.safe(narrowPaths.matches ? brief(one) : whole(one))}</option>`).join('');
  const theories = CC.case.theories.map(({ id }) => `<button data-path-theory="${id}" aria-pressed="${id === theory}">${CC.glyph(id)}<span>${CC.safe(CC.theoryName(id))}</span></button>`).join('');
  place.innerHTML = `<p class="choices"><label>${CC.safeT('paths.objective')} <select id="paths-objective">${goals}</select></label></p>${narrowPaths.matches ? `<p class="small">${CC.safe(whole(goal))}</p>` : ''}<div class="seg path-theories" role="group" aria-label="${CC.safeT('theory')}">${theories}</div>`;
  if (held) again(held, place);
}

/* What has the focus is written anew: it gets it back. */
const focused = place => {
  const now = document.activeElement;
  if (!now || !place.contains(now)) return null;
  if (now.id) return '#' + now.id;
  const [name, value] = Object.entries(now.dataset)[0] || [];
  return name ? `[data-${name.replace(/[A-Z]/g, sign => '-' + sign.toLowerCase())}="${CSS.escape(value)}"]` : now.tagName.toLowerCase();
};
const again = (selector, place) => { const found = CC.one(selector, place); if (found) found.focus(); };

/* How many worlds stand behind the picture, and what is on its way. */
function stateOf(found) {
  const parts = [], { computing } = found, theory = CC.theoryName(found.theory);
  if (found.computed && found.judged) parts.push(CC.t('paths.worlds', { n: CC.number(found.worlds), theory, seed: found.seed, failed: CC.number(found.failed), runs: CC.number(found.runs) }));
  if (computing && computing.error) parts.push(CC.t('paths.failed', { error: computing.error }));
  else if (computing && !computing.worlds) parts.push(CC.t('paths.waiting'));
  else if (computing) parts.push(CC.t(computing.seconds == null ? 'paths.begun' : 'paths.computing', { n: CC.number(computing.worlds), percent: CC.number((100 * computing.done) / Math.max(1, computing.total)), seconds: CC.number(Math.max(1, Math.ceil(computing.seconds))) }));
  const place = CC.one('#paths-state'), text = parts.join(' ');
  place.classList.toggle('absent', !found.computed);
  if (place.textContent !== text) place.textContent = text;
}

/* ---- words ---- */
const monthName = label => {
  const [year, month] = label.split('-').map(Number);
  return new Intl.DateTimeFormat(CC.locale(), { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(Date.UTC(year, month - 1, 15)));
};
const capital = text => text[0].toUpperCase() + text.slice(1);
const lineName = parts => capital(parts.map(CC.policyName).join(' + '));
const pathLabel = (id, own) => CC.label('pathway', id, own);
const letterOf = number => String.fromCharCode(97 + (number % 26));

/* 1.645 standard errors, never less than three unseen worlds leave open. */
const errorOf = (error, worlds) => (error == null ? '' : CC.number(100 * Math.max(1.645 * error, 3 / Math.max(1, worlds))));
const withError = (share, error, worlds) => `${CC.say.hundred(share)}${error == null || share == null ? '' : ` ± ${errorOf(error, worlds)}`}`;

const spanOf = dates => ({ first: monthName(dates.first), middle: monthName(dates.middle), last: monthName(dates.last) });

function rowSentence(name, row, found) {
  const theory = CC.theoryName(found.theory), known = { name, theory, n: CC.number(row.worlds) };
  if (!row.worlds) return CC.t('paths.row_unknown', known);
  if (row.never === 1) return CC.t('paths.row_holds', known);
  if (row.from_start === 1) return CC.t('paths.row_fails', known);
  const more = { ...known, date: monthName(found.last_month), holds: withError(row.never, row.never_error, row.worlds), start: withError(row.from_start, row.from_start_error, row.worlds), lost: withError(row.reached, row.reached_error, row.worlds) };
  return row.dates.first ? CC.t('paths.row', { ...more, ...spanOf(row.dates) }) : CC.t('paths.row_none', more);
}

function switchSentence(step, found, worlds) {
  const known = { step: CC.number(step.step), to: lineName(step.enters.split('+')) };
  if (!step.dates.first) return CC.t('paths.switch_none', known);
  return CC.t('paths.switch', { ...known, n: withError(step.share, step.share_error, worlds), ...spanOf(step.dates) });
}

/* ---- does switching help: each pathway against its own first policy, kept in the same worlds ---- */
const errorLeast = (error, worlds) => Math.max(1.645 * error, 3 / Math.max(1, worlds));
const helps = row => {
  if (row.longer == null || row.longer_error == null || row.shorter_error == null) return null;
  if (row.longer - errorLeast(row.longer_error, row.worlds) > 0.8) return 'longer';
  return row.shorter - errorLeast(row.shorter_error, row.worlds) > 0.8 ? 'shorter' : 'open';
};

function helpAnswer(found, letters) {
  const known = found.pathways.filter(row => row.worlds && helps(row));
  if (!known.length) return '';
  const along = kind => known.filter(row => helps(row) === kind).map(row => letters[row.id]), parts = [];
  if (along('longer').length) parts.push(CC.t('paths.help_longer', { paths: CC.list(along('longer')) }));
  if (along('shorter').length) parts.push(CC.t('paths.help_shorter', { paths: CC.list(along('shorter')) }));
  if (along('open').length) parts.push(CC.t('paths.help_open', { paths: CC.list(along('open')) }));
  const span = key => {
    const order = [...known].sort((one, other) => one[key] - other[key]), [low, high] = [order[0], order.at(-1)].map(row => withError(row[key], row[key + '_error'], row.worlds));
    return low === high ? low : CC.t('range', { low, high });
  };
  return `<p class="path-help">${CC.safe(CC.t('paths.help', { theory: CC.theoryName(found.theory), parts: parts.join('; '), longer: span('longer'), shorter: span('shorter') }))}</p>`;
}

/* Below each pathway, what its table says: when its switches come, and what they come to. */
function pathNotes(found, names, letters) {
  const note = row => {
    const steps = row.transfers.filter(step => step.share > 0).map(step => CC.t(step.too_late / step.share > 0.8 ? 'paths.late' : 'paths.not_late', { to: lineName(step.enters.split('+')), n: withError(step.share, step.share_error, row.worlds), late: withError(step.too_late, step.too_late_error, row.worlds) }));
    const kind = helps(row), known = kind && { first: lineName(row.transfers[0].leaves.split('+')), longer: withError(row.longer, row.longer_error, row.worlds), shorter: withError(row.shorter, row.shorter_error, row.worlds) };
    if (kind) steps.push(CC.t(kind === 'longer' ? 'paths.versus_longer' : kind === 'shorter' ? 'paths.versus_shorter' : 'paths.versus_open', known));
    return steps.length ? `<li><b class="path-letter">${letters[row.id]}</b><span><b>${CC.safe(names[row.id])}.</b> ${CC.safe(steps.join(' '))}</span></li>` : '';
  };
  return `<ul class="path-notes">${found.pathways.filter(row => row.worlds && row.transfers.length).map(note).join('')}</ul>`;
}

const valueOf = (one, value) => CC.tick(value * (one.unit === '1' ? 100 : 1));
const unitOf = one => {
  const unit = CC.words['unit.' + one.unit] ? CC.t('unit.' + one.unit) : one.unit;
  return one.flow ? CC.t('per_year', { unit }) : unit;
};

/* In how many worlds it holds, over everything that could be in force: a range, never a ranking. */
function finding(found) {
  const known = found.lines.filter(row => row.worlds), theory = CC.theoryName(found.theory), date = monthName(found.last_month);
  if (!known.length) return '';
  const order = [...known].sort((one, other) => one.never - other.never), [low, high] = [order[0], order.at(-1)];
  if (low.never === 1) return CC.t('paths.find_holds', { theory, date });
  const [from, to] = [low, high].map(row => withError(row.never, row.never_error, row.worlds));
  const text = from === to ? CC.t('paths.find_one', { theory, date, n: from }) : CC.t('paths.find', { theory, date, low: from, high: to });
  return known.some(row => row.reached > 0) ? text : `${text} ${CC.t('paths.find_flat', { date: monthName(found.judged_month) })}`;
}

/* ---- the map ---- */
function drawPaths(found) {
  const place = CC.one('#paths-map'), held = focused(place), goal = CC.pathways.objective(), open = CC.one('details', place)?.open;
  CC.pathways.found = found;
  const bar = `<button class="link" data-goal="${CC.safe(goal.id)}">${CC.safeT('paths.bar')}</button>`;
  if (!found.judged) { place.innerHTML = `<p class="absent">${CC.safeT('paths.unjudged')} ${bar}</p>`; return; }
  const lead = CC.t('paths.lead.' + goal.kind, { measure: CC.measureName(goal.measure), bound: valueOf(goal, goal.bound), unit: unitOf(goal), date: monthName(found.judged_month), n: goal.for_months });
  const time = new PathTime(found), letters = Object.fromEntries(found.pathways.map((one, number) => [one.id, letterOf(number)]));
  const names = Object.fromEntries(goal.pathways.map(one => [one.id, pathLabel(one.id, one.label)]));
  const lines = found.lines.map(row => pathRow(row, lineName(row.parts), tagOf(row), `data-line="${CC.safe(row.id)}"`, found)).join('');
  const paths = found.pathways.map(row => pathRow(row, names[row.id], `<b class="path-letter">${letters[row.id]}</b>`, `data-path="${CC.safe(row.id)}"`, found)).join('');
  place.innerHTML = `<p class="lead">${CC.safe(lead)} ${bar}</p><p class="path-finding">${CC.safe(finding(found))}</p>${helpAnswer(found, letters)}${CC.edited() ? `<p class="small">${CC.safeT('paths.edited')}</p>` : ''}${pathKeys()}<div class="paths">${pathHead('paths.now', time, found)}<div class="path-block">${lineChart(found, time, letters)}<ol>${lines}</ol></div>${pathHead('paths.switching', time, found)}<div class="path-block switching">${switchChart(found, time, letters)}<ol>${paths}</ol></div></div>${pathNotes(found, names, letters)}<details class="figures-of" ${open ? 'open' : ''}><summary>${CC.safeT('table')}</summary>${pathTables(found, names, letters)}</details><p class="small">${CC.safeT('paths.method')}</p>`;
  if (held) again(held, place);
}

/* A and B as the case states them; a policy whose levers were moved is on no line. */
const sideOf = row => { const S = CC.state; return row.id === S.b && !CC.edited() ? 'b' : row.id === S.a ? 'a' : ''; };
const tagOf = row => {
  const which = sideOf(row);
  return which ? `<b class="path-tag of-${which}">${which.toUpperCase()}</b>` : '';
};

function pathRow(row, name, mark, data, found) {
  const steps = (row.transfers || []).map(step => switchSentence(step, found, row.worlds));
  const sentence = [rowSentence(name, row, found), ...steps].join(' ');
  const figures = [['from_start', 'paths.short_start'], ['reached', 'paths.short_lost'], ['never', 'paths.short_holds']];
  const cells = row.worlds ? figures.map(([key, word]) => `<span class="path-figure">${CC.safe(withError(row[key], row[`${key}_error`], row.worlds))}<i> ${CC.safeT(word)}</i></span>`).join('') : `<span class="path-figure">${CC.safeT('none_left')}</span>`;
  return `<li class="path-row"><button class="row-button path-name" ${data} aria-label="${CC.safe(sentence)}">${mark}<span>${CC.safe(name)}</span></button><span class="path-figures" aria-hidden="true">${cells}</span></li>`;
}

function pathHead(title, time, found) {
  const heads = ['paths.from_start', 'paths.lost', 'paths.holds'].map(key => `<span>${CC.safeT(key, { date: monthName(found.last_month) })}</span>`).join('');
  return `<div class="path-head"><h3>${CC.safeT(title)}</h3><svg class="path-years" aria-hidden="true">${time.years().map(([x, year]) => `<text x="${x}%" y="13" text-anchor="middle">${year}</text>`).join('')}</svg><span class="path-figures" aria-hidden="true">${heads}</span></div>`;
}

/* Where a month stands across the chart, in per cent of its width: charts fit any width without being measured. */
class PathTime {
  constructor({ first_month: first, last_month: last }) {
    this.first = PathTime.month(first);
    this.last = Math.max(PathTime.month(last), this.first + 1);
  }

  static month(label) { const [year, month] = label.split('-').map(Number); return 12 * year + month - 1; }
  at(label) { return this.place(PathTime.month(label)); }
  place(month) { return +(1.5 + (97 * (Math.min(Math.max(month, this.first), this.last) - this.first)) / (this.last - this.first)).toFixed(2); }
  years() {
    const found = [], step = this.last - this.first > 90 && narrowPaths.matches ? 24 : 12;
    for (let month = Math.ceil(this.first / 12) * 12; month <= this.last; month += step) found.push([this.place(month), month / 12]);
    return found;
  }
}

/* Heights of a row and of its band's middle; the same figures stand in the styles. */
const ROWS = { lines: { wide: { tall: 42, middle: 16 }, middle: { tall: 50, middle: 20 }, narrow: { tall: 116, middle: 47 } }, switching: { wide: { tall: 58, middle: 32 }, middle: { tall: 58, middle: 32 }, narrow: { tall: 132, middle: 65 } } };
const rowSize = kind => ROWS[kind][narrowPaths.matches ? 'narrow' : middlePaths.matches ? 'middle' : 'wide'];
const THICK = 15, BELOW = 15;

const chartOf = (rows, { tall }, time, body) => `<svg class="path-chart" aria-hidden="true">${time.years().map(([x]) => `<line class="path-rule" x1="${x}%" x2="${x}%" y1="0" y2="${rows * tall}"/>`).join('')}${body}</svg>`;

function lineChart(found, time, letters) {
  const size = rowSize('lines'), rows = found.lines, height = rows.length * size.tall;
  const y = Object.fromEntries(rows.map((row, number) => [row.id, number * size.tall + size.middle])), [routes, signs] = ways(found, y, time, letters);
  return chartOf(rows.length, size, time, bands(rows, found, time, size, height) + routes + rows.map(row => tipMark(row, y[row.id], time)).join('') + signs);
}

function switchChart(found, time, letters) {
  const size = rowSize('switching'), rows = found.pathways, height = rows.length * size.tall;
  const marks = rows.map((row, number) => {
    const middle = number * size.tall + size.middle, lane = middle - 20;
    const steps = row.transfers.filter(step => step.dates.first);
    const none = steps.length ? '' : halo('1.5%', lane + 4, CC.t('paths.no_switch'), 'start');
    return tipMark(row, middle, time) + none + steps.map(step => switchMark(step, lane, time, letters[row.id])).join('');
  }).join('');
  return chartOf(rows.length, size, time, bands(rows, found, time, size, height) + marks);
}

/* All bands of a block in one drawing whose width stretches and whose height does not. */
function bands(rows, found, time, { tall, middle }, height) {
  const judged = time.at(found.judged_month), end = time.at(found.last_month), start = time.at(found.first_month);
  const shapes = rows.map((row, number) => {
    const y = number * tall + middle, kind = sideOf(row) || 'none';
    const waiting = `<path class="path-wait" d="M${start} ${y}H${judged}"/><rect class="path-all" x="${judged}" y="${y - THICK / 2}" width="${end - judged}" height="${THICK}"/>`;
    return row.worlds ? waiting + `<path class="path-band ${kind}" d="${bandOutline(row, y, judged, end, time)}"/>` : waiting;
  }).join('');
  return `<svg class="path-bands" viewBox="0 0 100 ${height}" preserveAspectRatio="none" width="100%" height="${height}">${shapes}</svg>`;
}

/* Half as thick at each date as the share of worlds in which the objective has not been lost by then. */
function bandOutline(row, y, judged, end, time) {
  const met = 1 - row.from_start, places = [[judged, met]];
  if (row.dates.first) for (const [name, level] of [['first', 0.05], ['middle', 0.5], ['last', 0.95]]) places.push([time.at(row.dates[name]), met - level * row.reached]);
  places.push([end, row.never]);
  const side = (sign, list) => list.map(([x, share]) => `${x} ${(y + sign * 0.5 * THICK * share).toFixed(2)}`).join(' ');
  return `M${side(-1, places)} ${side(1, [...places].reverse())}Z`;
}

const halo = (x, y, text, anchor = 'middle', kind = '') => `<text class="path-halo ${kind}" x="${x}" y="${y}" text-anchor="${anchor}">${CC.safe(text)}</text>`;

/* A tipping point: an interval with its middle, and in how many of 100 worlds; none is a state of its own. */
function tipMark(row, y, time) {
  if (!row.worlds) return halo('50%', y + 4, CC.t('none_left'));
  if (row.never === 1) return halo('50%', y + 4, CC.t('paths.none_here'));
  if (row.from_start === 1) return halo('50%', y + 4, CC.t('paths.all_missed'));
  if (!row.dates.first) return '';
  const [first, middle, last] = ['first', 'middle', 'last'].map(name => time.at(row.dates[name])), below = y + BELOW;
  const line = (x1, x2, y1, y2, kind = '') => `<line class="path-tip ${kind}" x1="${x1}%" x2="${x2}%" y1="${y1}" y2="${y2}"/>`;
  return `${line(first, last, below, below)}${line(first, first, below - 4, below + 4)}${line(last, last, below - 4, below + 4)}${line(middle, middle, below - 5, below + 5, 'wide')}<svg x="${middle}%" overflow="visible">${halo(5, below + 4, CC.say.hundred(row.reached), 'start')}</svg>`;
}

const circle = (x, y, letter, kind) => `<circle class="${kind}" cx="${x}" cy="${y}" r="8"/><text class="path-sign ${kind}" x="${x}" y="${y + 3.7}" text-anchor="middle">${letter}</text>`;

/* Transfers between lines, as routes and as signs: upright at their middle date, a circle where they arrive. Those that would lie on each other
   stand aside by some pixels. */
function ways(found, y, time, letters) {
  const taken = [], wide = narrowPaths.matches ? 3.3 : 7, routes = [], signs = [];
  for (const row of found.pathways) {
    for (const step of row.transfers) {
      if (!step.dates.first || !(step.leaves in y) || !(step.enters in y)) continue;
      const x = time.at(step.dates.middle), [from, to] = [y[step.leaves], y[step.enters]], [top, end] = [Math.min(from, to), Math.max(from, to)];
      let shift = 0, aside = 0;
      while (taken.some(one => one.top < end && top < one.end && Math.abs(one.x * wide + one.shift - x * wide - shift) < 5)) shift += 5;
      aside = shift;
      while (taken.some(one => one.to === to && Math.abs(one.x * wide + one.aside - x * wide - aside) < 17)) aside += 18;
      taken.push({ x, shift, aside, top, end, to });
      const known = `class="path-way" data-way="${CC.safe(row.id)}" x="${x}%" overflow="visible"`, line = `M${shift} ${from}V${to}H${aside}`;
      routes.push(`<svg ${known}><path class="path-under" d="${line}"/><path class="path-route" d="${line}"/></svg>`);
      signs.push(`<svg ${known}>${circle(aside, to, letters[row.id], step.irreversible ? 'gone' : 'move')}</svg>`);
    }
  }
  return [routes.join(''), signs.join('')];
}

/* The same transfer on its pathway's own row: the dates at which 90 of 100 of the worlds that make it do so. */
function switchMark(step, y, time, letter) {
  const [first, middle, last] = ['first', 'middle', 'last'].map(name => time.at(step.dates[name]));
  const far = last - first > 0.5 ? `<line class="path-far" x1="${first}%" x2="${last}%" y1="${y}" y2="${y}"/><line class="path-far-end" x1="${last}%" x2="${last}%" y1="${y - 4}" y2="${y + 4}"/>` : '';
  return `${far}<svg x="${middle}%" overflow="visible">${circle(0, y, letter, step.irreversible ? 'gone' : 'move')}${halo(12, y + 4, CC.say.hundred(step.share), 'start')}</svg>`;
}

function pathKeys() {
  const key = (drawing, text, width = 44) => `<span class="map-key"><svg width="${width}" height="18" aria-hidden="true">${drawing}</svg>${CC.safeT(text)}</span>`;
  const band = `<rect class="path-all" x="0" y="2" width="44" height="14"/><path class="path-band none" d="M0 3 L20 5 L44 7 V11 L20 13 L0 15Z"/>`;
  const tip = `<path class="path-tip" fill="none" d="M2 9H42M2 5V13M42 5V13"/><path class="path-tip wide" d="M14 4V14"/>${halo(18, 13, '46', 'start')}`;
  return `<p class="map-keys">${key(band, 'paths.key_band')}${key(tip, 'paths.key_tip')}${key(circle(9, 9, 'a', 'move'), 'paths.key_switch', 18)}${key(circle(9, 9, 'a', 'gone'), 'paths.key_one_way', 18)}${key('<path class="path-wait" d="M2 9H42"/>', 'paths.key_wait')}</p>`;
}

/* A pathway's row lights its transfers on the map above. */
for (const [kind, on] of [['pointerover', true], ['focusin', true], ['pointerout', false], ['focusout', false]]) {
  document.addEventListener(kind, event => {
    const row = event.target.closest && event.target.closest('#paths-map [data-path]');
    if (!row) return;
    CC.one('.paths')?.classList.toggle('lit', on);
    for (const way of CC.all('.path-way')) way.classList.toggle('lit', on && way.dataset.way === row.dataset.path);
  });
}

/* ---- the same in figures ---- */
const spanText = dates => (dates.first ? CC.t('paths.span', spanOf(dates)) : '–');

function pathTables(found, names, letters) {
  const head = keys => `<thead><tr>${keys.map(key => `<th scope="col">${CC.safeT(key, { date: monthName(found.last_month) })}</th>`).join('')}</tr></thead>`;
  const scroll = (label, table) => `<div class="scroll" tabindex="0" role="region" aria-label="${CC.safeT(label)}"><table class="path-table">${table}</table></div>`;
  const row = (one, name, data) => `<tr><th scope="row"><button class="row-button" ${data}>${CC.safe(name)}</button></th>${['from_start', 'reached', 'never'].map(key => `<td>${CC.safe(withError(one[key], one[`${key}_error`], one.worlds))}</td>`).join('')}<td>${CC.safe(spanText(one.dates))}</td><td>${CC.safe(withError(one.met_at_end, one.met_at_end_error, one.worlds))}</td><td>${CC.safe(CC.number(one.worlds))} (${CC.safe(CC.number(one.failed))})</td></tr>`;
  const lines = found.lines.map(one => row(one, lineName(one.parts), `data-line="${CC.safe(one.id)}"`)).join('');
  const paths = found.pathways.map(one => row(one, `${letters[one.id]} ${names[one.id]}`, `data-path="${CC.safe(one.id)}"`)).join('');
  const steps = found.pathways.flatMap(one => one.transfers.map(step => `<tr><th scope="row">${CC.safe(`${letters[one.id]} ${names[one.id]}`)}</th><td>${CC.safe(lineName(step.enters.split('+')))}</td><td>${CC.safe(withError(step.share, step.share_error, one.worlds))}</td><td>${CC.safe(spanText(step.dates))}</td><td>${CC.safe(withError(step.too_late, step.too_late_error, one.worlds))}</td><td>${step.irreversible ? CC.safeT('paths.one_way') : CC.safe(withError(step.taken_back, step.taken_back_error, one.worlds))}</td></tr>`)).join('');
  const figures = ['paths.in_force', 'paths.from_start', 'paths.lost', 'paths.holds', 'paths.dates', 'paths.met_at_end', 'paths.table_worlds'];
  return scroll('paths.of_100', `<caption>${CC.safeT('paths.of_100')}</caption>${head(figures)}<tbody>${lines}${paths}</tbody>`) + scroll('paths.switches', `<caption>${CC.safeT('paths.switches')}</caption>${head(['paths.pathway', 'paths.to', 'paths.made', 'paths.when', 'paths.too_late', 'paths.taken_back'])}<tbody>${steps}</tbody>`);
}

/* ---- who says so ---- */
const factRow = (key, markup) => `<dt>${CC.safeT(key)}</dt><dd>${markup}</dd>`;
const explained = (name, text) => `<button class="link" data-explain="${CC.safe(name)}">${CC.safe(text)}</button>`;
const recordsOf = ids => (ids.length ? `<div class="records">${ids.map(id => CC.record(CC.pathways.names.records[id])).join('')}</div>` : `<p>${CC.safeT('explain.no_evidence')}</p>`);
const judgement = (one, key, place) => `${factRow('fact.grade_of_evidence', CC.safeT('grade.' + one.grade))}${factRow('fact.reasoning', CC.textMarkup(key, one.reasoning))}${place ? factRow('fact.written_in', `<code>${CC.safe(place)}</code>`) : ''}`;

/* The bar of an objective: what is measured, where the line is drawn, and on what ground. */
CC.pathways.goal = id => {
  const goal = CC.pathways.names.objectives.find(one => one.id === id);
  const bar = CC.t('paths.bar.' + goal.kind, { bound: valueOf(goal, goal.bound), unit: unitOf(goal) });
  openDrawer(CC.label('objective', goal.id, goal.label), `<dl class="facts">${factRow('measure', explained(goal.measure, CC.measureName(goal.measure)))}${factRow('paths.bar_is', CC.safe(bar))}${factRow('paths.judged', CC.safeT('paths.judged_how', { from: CC.number(goal.from_months), n: goal.for_months }))}${judgement(goal, 'reasoning.' + goal.id, goal.place)}</dl><h3>${CC.safeT('paths.behind_bar')}</h3>${recordsOf(goal.evidence)}`);
};

/* A line: its figures under the theory in view, then the policies it is made of. */
CC.pathways.line = id => {
  const found = CC.pathways.found, row = found.lines.find(one => one.id === id), name = lineName(row.parts);
  const mine = openDrawer(name, `<p class="lead">${CC.glyph(found.theory)} ${CC.safe(rowSentence(name, row, found))}</p>${drawerGoal()}<div id="behind"><p>${CC.safeT('badge.first')}</p></div>${pathRecord(found)}`);
  behind(row.parts, mine);
};

const drawerGoal = () => { const goal = CC.pathways.objective(); return `<p>${CC.safeT('paths.objective')}: <button class="link" data-goal="${CC.safe(goal.id)}">${CC.safe(CC.label('objective', goal.id, goal.label))}</button></p>`; };
const pathRecord = found => `<p class="small">${CC.safeT('explain.run')} <code>${CC.safe(`case ${CC.case.case}@${CC.case.digest.slice(0, 8)} · crosscurrent ${CC.case.version} · seed ${found.seed} · ${found.worlds} · ${found.theory}`)}</code></p>`;

/* A pathway: what it starts with, what it watches, when it switches, what that takes, and who says so. */
CC.pathways.path = id => {
  const found = CC.pathways.found, goal = CC.pathways.objective(), row = found.pathways.find(one => one.id === id);
  const own = goal.pathways.find(one => one.id === id), name = pathLabel(id, own.label);
  const cost = CC.t('paths.cost', { n: CC.tick(+((row.programme_cost + row.switching_cost) / 1000).toFixed(1)), error: row.programme_cost_error == null ? '?' : CC.tick(+((1.645 * row.programme_cost_error) / 1000).toFixed(1)) });
  const steps = own.transfers.map((step, number) => `<h3>${CC.safeT('paths.step', { n: number + 1, to: capital(CC.policyName(step.to)) })}</h3>${stepFacts(step, row.transfers[number], found, row.worlds, `step.${goal.id}.${id}.${number + 1}`)}`).join('');
  openDrawer(name, `<p class="lead">${CC.labelMarkup('pathway_text', id, own.description)}</p><p>${CC.glyph(found.theory)} ${CC.safe(rowSentence(name, row, found))}</p>${drawerGoal()}<p>${CC.safe(cost)}</p><h3>${CC.safeT('paths.start')}</h3><p>${explained(own.start, capital(CC.policyName(own.start)))}</p>${steps}${pathRecord(found)}`);
};

function stepFacts(step, made, found, worlds, key) {
  const side = step.above == null ? 'below' : 'above', opposite = { above: 'below', below: 'above' }[side];
  const trigger = CC.t('paths.trigger.' + side, { value: valueOf(step, step[side]), unit: unitOf(step), n: CC.number(step.for_weeks) });
  const back = step.release == null ? CC.t('paths.one_way') : CC.t('paths.back.' + opposite, { value: valueOf(step, step.release) });
  return `<p>${CC.safe(switchSentence(made, found, worlds))}</p><dl class="facts">${factRow('paths.follows', `${explained(step.to, capital(CC.policyName(step.to)))}; ${CC.safeT(step.keeps ? 'paths.keeps' : 'paths.replaces')}`)}${factRow('paths.signpost', `${explained(step.signpost, capital(CC.measureName(step.signpost)))} ${CC.safe(trigger)}`)}${factRow('paths.lead_time', CC.safeT('paths.weeks', { n: step.lead_weeks }))}${factRow('paths.release', CC.safe(back))}${factRow('paths.switch_cost', CC.safeT('paths.million', { n: CC.number(step.cost) }))}${judgement(step, key)}</dl>${recordsOf(step.evidence)}`;
}

/* The same figures from a terminal: a study of the theory in view, and the pathways beside it. */
CC.pathways.shell = () => {
  const { worlds, seed, theory } = CC.pathways.found;
  return `${CC.share.shell({ worlds, seed, theories: [theory], out: 'pathways-results' })}\ncrosscurrent pathways pathways-results --measure ${CC.pathways.objective().measure}`;
};
