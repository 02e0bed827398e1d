'use strict';
/* First view: theories side by side, measures one below the other; fans, paired differences, the answer in words. */
CC.compare = {};

const scales = {};
let cells = {};
const scale = measure => (scales[measure] ||= new CC.Scale());
CC.compare.axisOf = measure => ({ ...scale(measure).of(CC.state.mode), ticks: scale(measure).ticks(CC.state.mode) });
CC.compare.resetScales = () => { for (const one of Object.values(scales)) one.reset(); };
const theories = () => CC.case.theories.map(theory => theory.id);
const columns = () => (CC.state.blend ? [...theories(), CC.BLEND] : theories());
/* Figures of a theory, or of a blend if the answer was given for its weights. */
const cellOf = (measure, theory) => {
  const answer = CC.asking.answer, found = answer && answer.cells[measure];
  return found && (theory !== CC.BLEND || CC.blend.of(answer)) ? found[theory] : undefined;
};
const shownRows = () => (CC.small() ? [CC.state.m] : CC.state.rows);
const point = () => CC.state.point ?? CC.pointOf(CC.state.year);
const senseOf = measure => CC.measure(measure).better;

/* ---- building: once a view, language, size or choice of measures ---- */
CC.compare.build = () => {
  const S = CC.state;
  if (!S.rows.includes(S.m)) S.rows[S.rows.length - 1] = S.m; // a measure chosen elsewhere has a row here
  CC.levers.build();
  legend();
  CC.one('#tabs').innerHTML = S.rows.map(id => `<button data-tab="${id}" aria-pressed="${id === S.m}"><span>${CC.safe(CC.measureName(id))}</span><small data-verdicts="${id}"></small></button>`).join('');
  CC.one('#reading').textContent = CC.t('reading.hint');
  for (const part of [CC.one('#middle'), CC.one('#middle').parentElement]) part.title = CC.t('middle.why');
  buildGrid();
};

const nameChooser = (measure, place) => {
  const options = CC.case.measures.map(({ id }) => `<option value="${id}" ${id === measure ? 'selected' : ''}>${CC.safe(CC.measureName(id))}</option>`).join('');
  return `<span class="chooser"><b aria-hidden="true">${CC.safe(CC.measureName(measure))} <i>▾</i></b><select data-row="${place}" aria-label="${CC.safeT('row', { n: place + 1 })}">${options}</select></span>`;
};

const head = id => id === CC.BLEND ? CC.blend.head() : `<button class="theory" data-explain="${id}"><b>${CC.glyph(id, 15)}${CC.safe(CC.theoryName(id))}</b><span>${CC.words['theory_line.' + id] ? CC.safeT('theory_line.' + id) : ''}</span></button>`;

const cellMarkup = (measure, theory, first, last) => `<button class="cell${theory === CC.BLEND ? ' of-blend' : ''}" data-measure="${measure}" data-theory="${theory}" tabindex="-1"><canvas aria-hidden="true"></canvas>${first ? '<span class="axis" aria-hidden="true"></span><span class="axis" aria-hidden="true"></span>' : ''}${last ? `<span class="years" aria-hidden="true">${yearMarks()}</span>` : ''}<span class="odds" aria-hidden="true"><i></i><i></i></span><span class="caption" aria-hidden="true"><span></span><span class="d"></span></span></button>`;

CC.compare.years = () => {
  const years = CC.case.calendar.years;
  return [years[0] - 1, years[Math.floor(years.length / 2) - 1], years.at(-1)];
};
const yearMarks = () => CC.compare.years().map(year => `<span>${year}</span>`).join('');

function rowHead(measure, place) {
  const preferred = CC.t(['prefer.lower', 'prefer.none', 'prefer.higher'][senseOf(measure) + 1]);
  return `<div class="row-head">${nameChooser(measure, place)}<small>${CC.safe(CC.unitName(measure))}; ${CC.safe(preferred)} <button class="source" data-explain="${measure}" aria-label="${CC.safeT('source_of', { name: CC.measureName(measure) })}"><i class="info" aria-hidden="true">i</i></button></small><div data-verdicts="${measure}"></div></div>`;
}

function buildGrid() {
  cells = {};
  const grid = CC.one('#grid');
  CC.one('#blend').hidden = !CC.small() && !CC.state.table; // beside the charts the button has a place in their corner
  if (CC.state.table) { tables(); CC.compare.words(); return; }
  const rows = shownRows();
  let markup;
  if (CC.small()) markup = rowHead(rows[0], Math.max(0, CC.state.rows.indexOf(rows[0]))) + columns().map(id => `<div class="wrap">${head(id)}${cellMarkup(rows[0], id, true, true)}</div>`).join('');
  else markup = CC.blend.corner() + columns().map(head).join('') + rows.map((measure, place) => rowHead(measure, place) + columns().map((id, column) => cellMarkup(measure, id, column === 0, place === rows.length - 1)).join('')).join('');
  grid.innerHTML = `<div class="fans">${markup}</div>`;
  CC.one('.fans', grid).style.setProperty('--theories', columns().length);
  for (const element of CC.all('.cell', grid)) keep(element);
  const first = CC.one('.cell', grid);
  if (first) first.tabIndex = 0;
  if (CC.asking.answer) { CC.compare.paint(); CC.compare.words(); }
}

/* What a movement writes to is looked up once. */
function keep(element) {
  const { measure, theory } = element.dataset, [b, a] = CC.all('.odds i', element), [share, difference] = CC.all('.caption span', element);
  const fan = new CC.Fan(CC.one('canvas', element));
  fan.measure();
  cells[measure + ' ' + theory] = { element, measure, theory, fan, a, b, share: share.appendChild(new Text('')), difference: difference.appendChild(new Text('')), axes: CC.all('.axis', element) };
}

CC.compare.measureAll = () => { for (const one of Object.values(cells)) one.fan.measure(); };

/* ---- painting: only canvases, widths and short texts; nothing is read ---- */
CC.compare.paint = () => {
  const answer = CC.asking.answer, S = CC.state;
  if (!answer || S.table) return;
  for (const measure of shownRows()) {
    const found = answer.cells[measure];
    if (!found) continue;
    const axis = scale(measure);
    axis.take(found);
    const { low, high } = axis.of(S.mode), ticks = axis.ticks(S.mode), sense = senseOf(measure);
    for (const theory of columns()) {
      const one = cells[measure + ' ' + theory], cell = cellOf(measure, theory);
      if (one && cell) paintCell(one, cell, { low, high, ticks, sense });
    }
  }
};

function paintCell(one, cell, axis) {
  const S = CC.state, at = point();
  one.fan.draw({ ...axis, mode: S.mode, a: cell.a, b: cell.b, d: cell.d, middle: S.middle, point: at });
  const same = CC.asking.answer.same, neutral = axis.sense === 0;
  one.element.classList.toggle('neutral', neutral);
  one.element.classList.toggle('no-bands', !cell.b);
  if (!cell.better) { one.share.data = CC.t('none_left'); one.difference.data = ''; return; }
  one.b.style.transform = `scaleX(${same ? 0 : cell.better[at]})`;
  one.a.style.transform = `scaleX(${same ? 0 : cell.worse[at]})`;
  one.share.data = same ? CC.t('same') : CC.t('share.' + CC.say.better(axis.sense), { n: CC.say.hundred(cell.better[at]) });
  one.difference.data = same ? '' : !cell.d ? CC.t('blend.file_short') : CC.shortRange(one.measure, cell.d[0][at], cell.d[4][at]);
  if (!cell.b) return;
  one.axes.forEach((label, number) => {
    const value = [...axis.ticks].reverse()[number], factor = CC.factor(one.measure);
    label.textContent = value === undefined ? '' : CC.tick(value * factor, S.mode !== 'levels');
    if (value !== undefined) label.style.top = `${8 + one.fan.height * (1 - (value - axis.low) / (axis.high - axis.low)) - 12}px`;
  });
}

/* ---- words: only when the worlds allow it ---- */
CC.compare.words = () => {
  const answer = CC.asking.answer, S = CC.state;
  if (!answer || !CC.asking.settled) return;
  CC.compare.error(''); // what the address asked for may have been chosen away
  const measures = [...new Set([...S.rows, S.m])].filter(id => answer.cells[id]);
  for (const measure of measures) {
    const verdicts = verdictsOf(measure), markup = answer.same || answer.unchanged ? '' : verdictList(measure, CC.say.sorted(verdicts));
    for (const place of CC.all(`[data-verdicts="${measure}"]`)) place.innerHTML = markup;
    for (const theory of columns()) {
      const one = cells[measure + ' ' + theory];
      if (one && cellOf(measure, theory)) one.element.setAttribute('aria-label', sentence(measure, theory, CC.pointOf(S.year)));
    }
  }
  const groups = CC.say.sorted(verdictsOf(S.m)), named = Object.fromEntries(Object.entries(groups).map(([key, ids]) => [key, ids.map(id => CC.quoted(CC.theoryName(id)))]));
  const at = CC.pointOf(S.year), nothing = answer.same || answer.unchanged;
  const text = answer.unchanged ? CC.t('file.no_answer', { policy: CC.nameB() }) : CC.say.answer({ measure: CC.measureName(S.m), date: CC.dateOf(at), sense: senseOf(S.m), groups: named, same: answer.same });
  tell(text, nothing ? '' : CC.say.size(S.m, theories().map(id => answer.cells[S.m][id]), at), nothing ? '' : CC.blend.sentence(answer, S.m, at));
  if (S.table) tables();
};

/* The answer on the screen, and spoken once: more worlds of the same question change figures without a second announcement, a verdict does not. */
let spoken = '';
function tell(text, size, own) {
  const S = CC.state, status = CC.one('#status'), whole = [text, size, own].filter(Boolean).join(' ');
  CC.one('#answer').innerHTML = CC.safe(text) + (size ? `<span class="size"> ${CC.safe(size)}</span>` : '') + (own ? `<span class="own"> ${CC.safe(own)}</span>` : '');
  const about = JSON.stringify([text, S.a, S.b, S.over, S.m, S.year, S.blend]);
  status.setAttribute('aria-live', about === spoken ? 'off' : 'polite');
  spoken = about;
  if (status.textContent !== whole) status.textContent = whole;
}

function verdictsOf(measure) {
  const answer = CC.asking.answer, at = CC.pointOf(CC.state.year), found = answer.cells[measure];
  return Object.fromEntries(theories().map(id => [id, answer.same || !found[id].b ? 0 : found[id].clear[at]]));
}

function verdictList(measure, groups) {
  const sense = senseOf(measure), line = (ids, key) => (ids.length ? `<span>${ids.map(id => CC.glyph(id, 11, CC.theoryName(id))).join('')} ${CC.safeT(key)}</span>` : '');
  return line(groups.up, 'row.' + CC.say.better(sense)) + line(groups.down, 'row.' + CC.say.worse(sense)) + line(groups.open, 'row.open');
}

function sentence(measure, theory, at) {
  const answer = CC.asking.answer, cell = cellOf(measure, theory);
  if (!cell.better) return CC.t('none_left');
  if (!cell.b) return CC.blend.shares(measure, cell, at);
  const said = CC.say.cell({
    theory: CC.theoryName(theory), measure: CC.measureName(measure), date: CC.dateOf(at), sense: senseOf(measure), same: answer.same, failed: theory === CC.BLEND ? answer.blend.failed : answer.failed[theory],
    a: CC.range(measure, cell.a[0][at], cell.a[4][at]), b: CC.range(measure, cell.b[0][at], cell.b[4][at]),
    difference: CC.signedRange(measure, cell.d[0][at], cell.d[4][at]), better: CC.say.hundred(cell.better[at]), worse: CC.say.hundred(cell.worse[at]),
  });
  return answer.unchanged ? CC.t('cell.without', { policy: CC.policyName(CC.state.b), text: said }) : said;
}

/* The sentence is dimmed while it may be out of date; more worlds of the same question do not dim it. */
CC.compare.waiting = (on, refining = false) => {
  const answer = CC.asking.answer, badge = CC.one('#badge');
  CC.one('.answer').classList.toggle('wait', on && !refining);
  badge.classList.toggle('wait', on);
  badge.classList.remove('none');
  CC.one('.charts').classList.toggle('other', Boolean(answer && answer.unchanged));
  CC.compare.names();
  if (!answer) { badge.textContent = CC.t('badge.first'); return; }
  badge.textContent = CC.compare.badge(!on);
};
CC.compare.badge = settled => {
  const answer = CC.asking.answer, worlds = answer.worlds * theories().length, failed = Object.values(answer.failed).reduce((sum, count) => sum + count, 0);
  return answer.unchanged ? CC.t('badge.without', { n: CC.number(worlds), policy: CC.policyName(CC.state.b) }) : CC.say.badge(worlds, failed, settled);
};
/* There is nothing of what was asked: nothing on the screen stands for it. */
CC.compare.refused = later => {
  CC.asking.settled = false;
  CC.one('.answer').classList.remove('wait');
  CC.one('.charts').classList.add('other');
  CC.one('#badge').classList.remove('wait');
  CC.one('#badge').classList.add('none');
  CC.one('#badge').textContent = CC.t('badge.none');
  tell(CC.t(later ? 'answer.lost' : 'file.no_answer', { policy: CC.nameB() }), '', '');
};
CC.compare.slow = on => CC.one('#badge').classList.toggle('slow', on);
CC.compare.told = ''; // what was refused and is to be read, until the reader acts
CC.compare.error = text => {
  const notice = CC.one('#notice');
  const other = CC.state.other ? CC.t('other_numbers', { what: CC.list(CC.state.other.map(key => CC.t('other.' + key))) }) : '';
  const without = CC.edited() && CC.asking.answer && CC.asking.answer.unchanged ? CC.t('file.without', { policy: CC.policyName(CC.state.b) }) : '';
  notice.textContent = text || CC.compare.told || [CC.unknown(), without, other, CC.blend.unread()].filter(Boolean).join(' ');
  notice.hidden = !notice.textContent;
};

/* ---- the same figures as tables ---- */
function tables() {
  const answer = CC.asking.answer, at = CC.pointOf(CC.state.year);
  if (!answer) return;
  const title = key => `<th scope="col">${CC.safeT(key)}</th>`;
  CC.one('#grid').innerHTML = shownRows().filter(id => answer.cells[id]).map(measure => {
    const sense = senseOf(measure), rows = columns().filter(theory => cellOf(measure, theory)).map(theory => {
      const cell = cellOf(measure, theory);
      if (!cell.better) return `<tr><th scope="row">${CC.safe(CC.theoryName(theory))}</th><td colspan="6">${CC.safeT('none_left')}</td></tr>`;
      const bands = cell.b ? [CC.range(measure, cell.a[0][at], cell.a[4][at]), CC.range(measure, cell.b[0][at], cell.b[4][at]), CC.signedRange(measure, cell.d[0][at], cell.d[4][at])].map(text => `<td>${CC.safe(text)}</td>`).join('') : `<td colspan="3">${CC.safeT('blend.file')}</td>`;
      return `<tr><th scope="row">${CC.glyph(theory)} ${CC.safe(CC.theoryName(theory))}</th>${bands}<td>${CC.safe(CC.say.hundred(cell.better[at]))}</td><td>${CC.safe(CC.say.hundred(cell.worse[at]))}</td><td>${CC.safe(CC.blend.error(cell, at))}</td></tr>`;
    }).join('');
    return `<div class="scroll" role="region" tabindex="0" aria-label="${CC.safe(CC.measureName(measure))}"><table><caption><span>${CC.safeT('table.caption', { measure: CC.measureName(measure), unit: CC.unitName(measure), date: CC.dateOf(at) })}</span></caption><thead><tr>${title('theory')}${title('table.a')}${title('table.b')}${title('table.d')}${title('table.' + CC.say.better(sense))}${title('table.' + CC.say.worse(sense))}${title('table.error')}</tr></thead><tbody>${rows}</tbody></table></div>`;
  }).join('');
}

function legend() {
  const swatch = (colour, dash) => `<svg width="22" height="13" aria-hidden="true"><rect x=".5" y=".5" width="21" height="12" fill="${colour}" opacity=".2"/><rect x=".5" y="4" width="21" height="5" fill="${colour}" opacity=".5"/><path d="M0 .8H22M0 12.2H22" stroke="${colour}" stroke-width="1.3" stroke-dasharray="${dash}"/></svg>`;
  const key = (colour, dash, letter) => `<span class="key">${swatch(colour, dash)}<b>${letter}</b> <span data-name-of="${letter}"></span></span>`;
  const levels = CC.state.mode === 'levels';
  CC.one('#legend').innerHTML = key(CC.INK.a, levels ? '3 2' : '', 'A') + key(CC.INK.b, '', 'B') + `<span>${CC.safeT(levels ? 'legend.band' : 'legend.difference')}</span>`;
  legendNames = '';
  CC.compare.names();
}

/* A and B by name where figures are read; written only when they change. What is drawn may be B without a change that a file lacks. */
let legendNames = '';
CC.compare.shownB = () => (CC.asking.answer && CC.asking.answer.unchanged ? CC.policyName(CC.state.b) : CC.nameB());
CC.compare.names = () => {
  const names = { A: CC.policyName(CC.state.a), B: CC.compare.shownB() }, all = names.A + '\n' + names.B;
  if (all === legendNames) return;
  legendNames = all;
  for (const place of CC.all('[data-name-of]')) place.textContent = place.title = names[place.dataset.nameOf];
};

/* ---- reading a year off every chart at once ---- */
CC.compare.read = (measure, theory, at) => {
  const cell = cellOf(measure, theory);
  if (!cell || !cell.b) return;
  CC.state.point = at;
  CC.compare.paint();
  CC.one('#reading').textContent = CC.t('reading', {
    theory: CC.theoryName(theory), date: CC.dateOf(at), a: CC.range(measure, cell.a[0][at], cell.a[4][at]), b: CC.range(measure, cell.b[0][at], cell.b[4][at]),
    difference: CC.signedRange(measure, cell.d[0][at], cell.d[4][at]),
  });
};
CC.compare.unread = () => {
  CC.state.point = null;
  CC.compare.paint();
  CC.one('#reading').textContent = CC.t('reading.hint');
};

CC.compare.key = event => {
  const all = CC.all('#grid .cell'), here = all.indexOf(event.target), wide = all.filter(one => Math.abs(one.getBoundingClientRect().top - all[0].getBoundingClientRect().top) < 4).length;
  const to = { ArrowRight: here + 1, ArrowLeft: here - 1, ArrowDown: here + wide, ArrowUp: here - wide, Home: 0, End: all.length - 1 }[event.key];
  if (to !== undefined && all[to]) { event.preventDefault(); all[to].focus(); return; }
  if (event.key !== '[' && event.key !== ']') return;
  const years = CC.case.calendar.years, S = CC.state;
  S.year = Math.max(years[0], Math.min(years.at(-1), S.year + (event.key === ']' ? 1 : -1)));
  S.point = null;
  CC.levers.selects();
  CC.compare.paint();
  CC.compare.words();
  CC.writeAddress(false);
  CC.compare.read(event.target.dataset.measure, event.target.dataset.theory, CC.pointOf(S.year));
};
CC.compare.focused = element => {
  for (const one of CC.all('#grid .cell')) one.tabIndex = one === element ? 0 : -1;
  if (element.matches(':focus-visible')) CC.compare.read(element.dataset.measure, element.dataset.theory, point());
};
