'use strict';
/* Track record: the model's past beside public series, theory by theory; a cross marks a year outside the band. */
CC.past = {};

CC.past.build = async () => {
  const view = CC.one('#view-record');
  const title = `<h1 class="title">${CC.safeT('record.title')}</h1>`;
  const waited = view.innerHTML && !view.dataset.failed ? null : pastWaiting(view, title);
  delete view.dataset.failed;
  try {
    const [found, score] = await Promise.all([CC.source.record(), CC.source.score()].map(part => (waited ? part.then(waited.done) : part)));
    if (CC.state.view !== 'record') return;
    view.innerHTML = title + scores(score) + `<h2 class="title">${CC.safeT('record.past')}</h2><p class="lead narrow">${CC.safeT('record.lead')}</p><p class="small">${CC.safeT('record.worlds', { n: CC.number(found.worlds), seed: found.seed, year: found.until })}</p>` + misses(found) + found.series.map(series => pastRow(series, found.until)).join('');
  } catch (error) {
    view.innerHTML = title + `<p>${CC.safe(CC.problem(error))}</p>`;
    view.dataset.failed = 'yes';
  } finally {
    if (waited) clearInterval(waited.clock);
  }
};

/* Until both parts are there: that they are computed and, after two seconds, how far it is and how long it takes. */
function pastWaiting(view, title) {
  view.innerHTML = `${title}<p role="status">${CC.safeT('badge.first')}</p><p id="record-waiting" hidden></p>`;
  const began = performance.now(), said = CC.one('#record-waiting', view);
  let done = 0;
  const clock = setInterval(() => {
    const seconds = Math.floor((performance.now() - began) / 1000);
    if (seconds < 2) return;
    said.hidden = false;
    said.textContent = CC.t('record.waiting', { done, total: 2, seconds: CC.number(seconds) });
  }, 500);
  return { clock, done: part => { done += 1; return part; } };
}

/* Skill on years held back: above 0 the forecasts did better than the best naive rule, below 0 worse. */
function scores(found) {
  if (!found.computed) return `<p class="absent">${CC.safeT('score.absent')}</p>`;
  const name = id => (CC.theory(id) ? `${CC.glyph(id)} ${CC.safe(CC.theoryName(id))}` : CC.safeT('score.no_model'));
  const head = found.members.map(id => `<th scope="col">${name(id)}</th>`).join('');
  const cell = (one, row) => (one && one.skill != null ? `<td><b>${CC.signed(100 * one.skill, 1)} %</b><br><span class="mute">${CC.safeT('score.inside', { n: CC.number(100 * one.inside) })}${bandWords(one.inside, row.periods)}</span></td>` : `<td>${CC.safeT('score.none')}</td>`);
  const body = found.rows.map(row => `<tr><th scope="row">${CC.labelMarkup('target', row.series, row.label)} <span class="mute">${CC.safeT('score.of', { n: row.cutoffs, periods: CC.number(row.periods), naive: CC.t('naive.' + row.naive) })}</span></th>${found.members.map(id => cell(row.members[id], row)).join('')}</tr>`).join('');
  const old = found.current ? '' : `<p class="small">${CC.safeT('score.old')}</p>`;
  return `<p class="lead narrow">${CC.safeT('score.lead')}</p>${old}${scoreWords(found)}<div class="scroll" tabindex="0" role="region" aria-label="${CC.safeT('score.title')}"><table class="plain scores"><caption>${CC.safeT('score.title')}</caption><thead><tr><th scope="col">${CC.safeT('score.series')}</th>${head}</tr></thead><tbody>${body}</tbody></table></div><p class="small narrow">${CC.safeT('score.limits')}</p>`;
}

/* An interval of 90 % that holds far fewer or more of many observations. */
const bandWords = (inside, periods) => (periods < 30 ? '' : inside < 0.8 ? `; ${CC.safeT('score.narrow')}` : inside > 0.97 ? `; ${CC.safeT('score.wide')}` : '');

/* What follows from the scores, unflattering parts included. */
function scoreWords(found) {
  const rows = Object.fromEntries(found.rows.map(row => [row.series, row])), named = ids => CC.list(ids.map(id => CC.label('target', id, rows[id].label)));
  const apart = found.apart.length ? found.apart.map(([series, best, worst]) => CC.t('score.apart', { series: named([series]), best: CC.theoryName(best), worst: CC.theoryName(worst) })).join(' ') : CC.t('score.not_apart');
  const lines = [`<b>${CC.safe(apart)}</b>`];
  if (found.as_good.length) lines.push(CC.safeT('score.as_good', { series: named(found.as_good) }));
  if (found.nothing_added.length) lines.push(CC.safeT('score.nothing_added', { series: named(found.nothing_added) }));
  return lines.map(line => `<p class="narrow">${line}</p>`).join('');
}

function misses(found) {
  const row = (id, counts) => `<tr><th scope="row">${CC.glyph(id)} ${CC.safe(CC.theoryName(id))}</th>${['until', 'after'].map(key => `<td>${CC.safeT('record.of', { missed: counts[key][0], n: counts[key][1] })}</td>`).join('')}</tr>`;
  return `<div class="scroll" tabindex="0" role="region" aria-label="${CC.safeT('record.misses')}"><table class="plain"><caption>${CC.safeT('record.misses')}</caption><thead><tr><th scope="col">${CC.safeT('theory')}</th><th scope="col">${CC.safeT('record.until', { year: found.until })}</th><th scope="col">${CC.safeT('record.after', { year: found.until })}</th></tr></thead><tbody>${Object.entries(found.misses).map(([id, counts]) => row(id, counts)).join('')}</tbody></table></div>`;
}

function pastRow(series, until) {
  const all = Object.values(series.theories).flat();
  if (!all.length) return '';
  const high = CC.roundUp(Math.max(...all.map(row => Math.max(row.high, row.seen))));
  const name = CC.labelMarkup('series', series.series + '.' + series.measure, series.label);
  const cells = Object.entries(series.theories).map(([theory, rows]) => `<figure><figcaption>${CC.glyph(theory, 12)}${CC.safe(CC.theoryName(theory))}</figcaption>${pastChart(rows, high, until, pastWords(series, theory, rows))}</figure>`).join('');
  return `<section class="past"><h2>${name}</h2><div class="past-cells">${cells}</div><details class="figures-of"><summary>${CC.safeT('table')}</summary><div class="scroll" tabindex="0" role="region" aria-label="${CC.safe(CC.label('series', series.series + '.' + series.measure, series.label))}">${pastTable(series)}</div></details></section>`;
}

const pastWords = (series, theory, rows) => CC.t('record.chart', { series: CC.label('series', series.series + '.' + series.measure, series.label), theory: CC.theoryName(theory), missed: rows.filter(row => row.missed).length, n: rows.length });

function pastChart(rows, high, until, words) {
  const wide = 180, tall = 100, base = 84, first = rows[0].year, last = Math.max(rows.at(-1).year, first + 1);
  const x = year => 6 + ((year - first) / (last - first)) * (wide - 12), y = value => base - (value / high) * (base - 12);
  const outline = [...rows.map(row => [x(row.year), y(row.high)]), ...[...rows].reverse().map(row => [x(row.year), y(row.low)])].map(pair => pair.map(value => value.toFixed(1)).join(' ')).join('L');
  const marks = rows.map(row => {
    const [u, v] = [x(row.year), y(row.seen)];
    return row.missed ? `<path d="M${(u - 3).toFixed(1)} ${(v - 3).toFixed(1)}l6 6m0-6l-6 6" stroke="#1d2528" stroke-width="1.6"/>` : `<circle cx="${u.toFixed(1)}" cy="${v.toFixed(1)}" r="2.2" fill="#1d2528"/>`;
  }).join('');
  const cut = last > until && first <= until ? `<line x1="${x(until + 0.5).toFixed(1)}" x2="${x(until + 0.5).toFixed(1)}" y1="8" y2="${base}" stroke="#566268" stroke-dasharray="2 3"/>` : '';
  return `<svg class="past-chart" viewBox="0 0 ${wide} ${tall}" role="img" aria-label="${CC.safe(words)}"><line x1="0" x2="${wide}" y1="${base}" y2="${base}" stroke="#d9dedb"/><path d="M${outline}Z" fill="#4b565b" opacity=".22"/>${cut}${marks}<text x="0" y="9">${CC.number(high)}</text><text x="0" y="${tall - 3}">${first}</text><text x="${wide}" y="${tall - 3}" text-anchor="end">${last}</text></svg>`;
}

function pastTable(series) {
  const theories = Object.entries(series.theories), years = theories[0][1];
  const head = theories.map(([id]) => `<th scope="col">${CC.safe(CC.theoryName(id))}</th>`).join('');
  const body = years.map((row, place) => `<tr><th scope="row">${row.year}</th><td>${CC.number(row.seen)}</td>${theories.map(([, rows]) => { const one = rows[place], step = CC.step(one.high - one.low); return `<td>${CC.safe(CC.t('range', { low: CC.rounded(one.low, step), high: CC.rounded(one.high, step) }))}${one.missed ? ' ×' : ''}</td>`; }).join('')}</tr>`).join('');
  return `<table class="plain"><thead><tr><th scope="col">${CC.safeT('year')}</th><th scope="col">${CC.safeT('record.seen')}</th>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

/* ---- sources: everything the case rests on ---- */
CC.sources = { found: null };
const GRADES = ['all', 'strong', 'moderate', 'weak', 'assumption'];

CC.sources.build = async () => {
  const view = CC.one('#view-sources');
  const buttons = GRADES.map(grade => `<button data-grade="${grade}" aria-pressed="${CC.state.grade === grade}">${CC.safeT('grade.' + grade)}</button>`).join('');
  view.innerHTML = `<h1 class="title">${CC.safeT('sources.title')}</h1><p class="lead narrow">${CC.safeT('sources.lead')}${CC.language === 'en' ? '' : ' ' + CC.safeT('sources.translated')}</p><div class="filters"><div class="seg" role="group" aria-label="${CC.safeT('grade')}">${buttons}</div><label>${CC.safeT('sources.find')} <input id="find" type="search" value="${CC.safe(CC.state.find)}"></label></div><p id="sources-count" role="status">${CC.safeT('badge.first')}</p><div id="sources-place"></div>`;
  try {
    await CC.texts();
    CC.sources.found ||= await CC.source.sources();
    if (CC.state.view !== 'sources') return;
    CC.sources.show();
  } catch (error) {
    CC.one('#sources-count').textContent = CC.problem(error);
  }
};

CC.sources.show = () => {
  const S = CC.state, found = CC.sources.found, has = CC.searched(S.find);
  if (!found) return; // somebody was faster than the answer, which is then shown as asked
  for (const button of CC.all('[data-grade]')) button.setAttribute('aria-pressed', button.dataset.grade === S.grade);
  const parameters = found.parameters.filter(row => (S.grade === 'all' || row.grade === S.grade) && has(row));
  const used = new Set(parameters.flatMap(row => row.evidence));
  const records = found.records.filter(row => (S.grade === 'all' || used.has(row.id)) && has(row));
  CC.one('#sources-count').textContent = CC.t('sources.count', { parameters: CC.number(parameters.length), records: CC.number(records.length), origins: CC.number(new Set(records.map(row => row.origin)).size) });
  const rows = parameters.map(row => `<tr><th scope="row"><button class="link" data-explain="${row.id}">${CC.labelMarkup('parameter', row.id, row.label)}</button></th><td>${CC.safeT('grade.' + row.grade)}</td><td>${row.evidence.length}</td><td>${CC.words['subsystem.' + row.subsystem] ? CC.safeT('subsystem.' + row.subsystem) : CC.safe(row.subsystem)}</td></tr>`).join('');
  CC.one('#sources-place').innerHTML = `<h2>${CC.safeT('sources.parameters')}</h2><div class="scroll" tabindex="0" role="region" aria-label="${CC.safeT('sources.parameters')}"><table class="plain"><thead><tr><th scope="col">${CC.safeT('sources.parameter')}</th><th scope="col">${CC.safeT('grade')}</th><th scope="col">${CC.safeT('sources.records')}</th><th scope="col">${CC.safeT('claims.subject')}</th></tr></thead><tbody>${rows}</tbody></table></div><h2>${CC.safeT('sources.records')}</h2><div class="records">${records.map(CC.record).join('')}</div>`;
};
