'use strict';
/* Second view: every policy under every theory, and what would have to be true for the comparison to turn. */
CC.flips = {};
let flipsQuestion = 0, flipAsked = 0;

CC.flips.build = async () => {
  const S = CC.state, view = CC.one('#view-flips'), asked = ++flipsQuestion;
  const measures = CC.case.measures.map(({ id }) => `<option value="${id}" ${id === S.m ? 'selected' : ''}>${CC.safe(CC.measureName(id))}</option>`).join('');
  const years = CC.case.calendar.years.map(year => `<option ${year === S.year ? 'selected' : ''}>${year}</option>`).join('');
  view.innerHTML = `<div class="two"><div><h1 class="title">${CC.safeT('table.title')}</h1><p class="lead" id="table-lead"></p><p class="choices"><label>${CC.safeT('measure')} <select id="table-measure">${measures}</select></label> <label>${CC.safeT('year')} <select id="table-year">${years}</select></label> <span id="table-badge" role="status">${CC.safeT('badge.first')}</span></p><div id="table-place"></div><p class="small">${CC.safeT('table.key')}</p><p class="small">${CC.safeT('table.no_blend')}</p></div><div id="flip-place"></div></div>`;
  CC.one('#table-lead').textContent = CC.t('table.lead', { measure: CC.measureName(S.m), date: CC.dateOf(CC.pointOf(S.year)), a: CC.policyName(S.a), unit: CC.unitName(S.m) });
  CC.flips.chosen();
  CC.pathways.build();
  try {
    for (const worlds of CC.source.live ? CC.case.world_steps.slice(0, 2) : [CC.case.world_steps[0]]) {
      const found = await CC.source.table({ a: S.a, measure: S.m, point: CC.pointOf(S.year), worlds });
      if (asked !== flipsQuestion || S.view !== 'flips') return;
      drawTable(found);
    }
  } catch (error) {
    if (asked === flipsQuestion) CC.one('#table-badge').textContent = CC.problem(error);
  }
};

function drawTable(found) {
  const S = CC.state, theories = CC.case.theories.map(theory => theory.id), rows = Object.entries(found.rows);
  const all = rows.flatMap(([, cells]) => theories.map(theory => cells[theory]).filter(cell => cell.d));
  const reach = CC.roundUp(Math.max(1e-9, ...all.flatMap(cell => [-cell.d[0], cell.d[4]])));
  const head = theories.map(id => `<th scope="col"><b>${CC.glyph(id)}${CC.safe(CC.theoryName(id))}</b></th>`).join('');
  const body = rows.map(([policy, cells]) => tableRow(policy, theories.map(id => cells[id]), reach)).join('');
  CC.one('#table-place').innerHTML = `<div class="scroll" tabindex="0" role="region" aria-label="${CC.safeT('table.title')}"><table class="matrix"><thead><tr><th scope="col">${CC.safeT('policy')}</th>${head}<th scope="col">${CC.safeT('table.range')}</th></tr></thead><tbody>${body}</tbody></table></div>`;
  CC.one('#table-badge').textContent = CC.say.badge(found.worlds * theories.length, 0, true);
  if (S.b) CC.flips.mark();
}

/* Hue only where it is clear which policy does better; grey where it is not. */
function tableRow(policy, cells, reach) {
  const S = CC.state, sense = CC.measure(S.m).better;
  const known = cells.filter(cell => cell.d);
  const body = cells.map(cell => {
    if (!cell.d) return `<td>${CC.safeT('none_left')}</td>`;
    const colour = sense === 0 || cell.clear === 0 ? '#7f888c' : cell.clear > 0 ? CC.INK.b : CC.INK.a;
    const word = cell.clear === 0 ? CC.t('row.open') : CC.t('row.' + (cell.clear > 0 ? CC.say.better(sense) : CC.say.worse(sense)));
    return `<td>${CC.strip(cell.d, reach, colour, S.middle)}<span class="figures">${CC.safe(CC.shortRange(S.m, cell.d[0], cell.d[4]))}<span class="unseen"> ${CC.safe(word)}</span></span></td>`;
  }).join('');
  const range = known.length ? CC.shortRange(S.m, Math.min(...known.map(cell => cell.d[0])), Math.max(...known.map(cell => cell.d[4]))) : '';
  return `<tr data-of="${policy}"><th scope="row"><button class="row-button" data-policy="${policy}">${CC.safe(CC.policyName(policy))}</button></th>${body}<td>${CC.safe(range)}</td></tr>`;
}

CC.flips.mark = () => {
  for (const row of CC.all('#table-place tr[data-of]')) {
    const chosen = row.dataset.of === CC.state.b;
    row.classList.toggle('chosen', chosen);
    CC.one('button', row).setAttribute('aria-pressed', chosen);
  }
};

/* ---- what flips it ---- */
CC.flips.chosen = async () => {
  const S = CC.state, place = CC.one('#flip-place'), asked = ++flipAsked;
  CC.flips.mark();
  const title = `<h2 class="title">${CC.safeT('flips.title', { a: CC.policyName(S.a), b: CC.policyName(S.b) })}</h2>`;
  const put = markup => { if (asked === flipAsked && S.view === 'flips') place.innerHTML = title + markup; };
  if (S.a === S.b) { put(`<p class="lead">${CC.safeT('answer.same')}</p>`); return; }
  put(`<p class="lead">${CC.safeT('badge.first')}</p>`);
  const edited = CC.edited() ? `<p class="small">${CC.safeT('flips.unedited')}</p>` : '';
  try {
    for (;;) {
      const found = await CC.source.flips({ a: S.a, b: S.b, measure: S.m });
      if (found.computed) { put(edited + CC.flips.markup(found)); return; }
      put(CC.absent(found, 'flips.absent'));
      if (!found.computing || found.computing.error || asked !== flipAsked || S.view !== 'flips') return;
      await new Promise(done => setTimeout(done, 1500));
    }
  } catch (error) {
    put(`<p class="lead">${CC.safe(CC.problem(error))}</p>`);
  }
};
/* A study is on its way, or there is none: said plainly, never filled with something else. */
CC.absent = (found, key) => {
  const study = found.computing;
  if (study && !study.error) return `<p class="absent" role="status">${CC.safeT('study.computing', { done: CC.number(study.done), total: CC.number(study.total) })}</p>`;
  const why = study && study.error ? `<p lang="en">${CC.safe(study.error)}</p>` : '';
  return `<div class="absent"><p>${CC.safeT(found.missing ? 'study.missing' : key)}</p>${why}</div>`;
};

const assumptionName = row => {
  if (row.kind === 'theory') return CC.safeT('flips.the_theory');
  return `<button class="link" data-explain="${CC.safe(row.name)}">${CC.labelMarkup(row.kind, row.name, row.label)}</button>`;
};
const hundred = share => CC.say.hundred(share).replace('<', '&lt;').replace('>', '&gt;');
const figure = value => (value == null ? '?' : CC.number(value, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 3));

CC.flips.markup = found => `<p class="lead"><b>${CC.safeT('flips.state.' + found.state.replaceAll(' ', '_'))}</b> ${CC.safeT('flips.reason.' + found.reason.replaceAll(' ', '_'))}</p>${regionMarkup(found)}${shares(found)}${mapMarkup(found.map)}${ranked(found)}<p class="small">${CC.safeT('flips.method', { n: CC.number(found.worlds), seed: found.seed })}</p>`;

/* Where the one policy is ahead although elsewhere it is not: threshold as an interval, and what evidence says. */
function regionMarkup(found) {
  if (!found.region || found.state === 'no flip found') return '';
  const { region } = found, ahead = region.inside.lead.value >= 0 ? 'B' : 'A', other = ahead === 'B' ? 'A' : 'B';
  const outside = other === 'B' ? region.outside.ahead_b.value : region.outside.ahead_a.value;
  const conditions = region.conditions.map(one => `<li>${conditionMarkup(one)}</li>`).join('');
  return `<p>${CC.t('flips.region', { ahead, other, inside: hundred(region.density.value), outside: hundred(outside) })}</p><ul>${conditions}</ul>`;
}

function conditionMarkup(one) {
  const name = assumptionName(one);
  if (one.kind !== 'parameter') return `${name}: ${one.rivals.map(id => rivalName(one, id)).join(', ')}. ${CC.safeT('flips.no_best')}`;
  const { best, low, high, grade } = one.sources, [from, to] = [one.threshold_low, one.threshold_high];
  const settled = to < low || from > high ? 'flips.settled' : 'flips.unsettled';
  return `${name}: ${CC.safeT(one.above ? 'flips.above' : 'flips.below', { low: figure(from), high: figure(to) })} ${CC.safeT('flips.sourced', { best: figure(best), low: figure(low), high: figure(high), grade: grade ? CC.t('grade.' + grade) : '?', n: one.origins })} <b>${CC.safeT(settled)}</b>`;
}

function rivalName(one, id) {
  if (one.kind === 'theory') return CC.safe(CC.theory(id) ? CC.theoryName(id) : id);
  return CC.words[`rival.${one.name}.${id}`] ? CC.safeT(`rival.${one.name}.${id}`) : CC.safe(id);
}

function shares(found) {
  const rows = CC.case.theories.map(({ id }) => [id, found.theories[id]]).filter(([, row]) => row);
  const verdict = row => CC.safeT('flips.verdict.' + row.verdict.replace(' ', '_'));
  return `<h3>${CC.safeT('flips.by_theory')}</h3><div class="bars">${rows.map(([id, row]) => `<div><span class="name">${CC.glyph(id, 12)}${CC.safe(CC.theoryName(id))}</span>${CC.shareBar(row.ahead_b.value, row.ahead_b.error)}<span><b>${hundred(row.ahead_b.value)}</b> / 100, ${verdict(row)}</span></div>`).join('')}</div>`;
}

function ranked(found) {
  const rows = found.ranked.filter(row => row.beyond_noise && !row.carried);
  if (!rows.length) return `<h3>${CC.safeT('flips.ranked')}</h3><p>${CC.safeT('flips.none_tells')}</p>`;
  return `<h3>${CC.safeT('flips.ranked')}</h3><p class="small">${CC.safeT('flips.ranked_how')}</p>${rows.map(row => `<div class="flip-row"><span class="name">${assumptionName(row)}<span class="mute">${CC.number(100 * row.score, 1)} ± ${CC.number(100 * row.error, 1)} %</span></span></div>`).join('')}`;
}

/* Five classes, never a smooth ramp; theories stand where their middle world lies. */
const CLASS_FILL = { 2: '#a65a00', 1: '#e3bd8d', 0: 'url(#cannot-tell)', '-1': '#8fc1c2', '-2': '#0b6e74' };

function mapMarkup(map) {
  if (!map) return '';
  const left = 70, top = 8, wide = 380, tall = 260, rows = map.classes.length, columns = map.classes[0].length;
  const tiles = map.classes.map((row, up) => row.map((kind, across) => `<rect x="${(left + (across * wide) / columns).toFixed(1)}" y="${(top + tall - ((up + 1) * tall) / rows).toFixed(1)}" width="${(wide / columns + 0.3).toFixed(1)}" height="${(tall / rows + 0.3).toFixed(1)}" fill="${CLASS_FILL[kind]}"/>`).join('')).join('');
  const marks = map.theories.filter(([id]) => CC.theory(id)).map(([id, x, y]) => `<g transform="translate(${(left + x * wide - 9).toFixed(1)} ${(top + tall - y * tall - 9).toFixed(1)})"><circle cx="9" cy="9" r="9" fill="#fff" stroke="#1d2528" stroke-width=".8"/><path transform="translate(3 3)" d="${CC.theory(id).glyph}" fill="${CC.theory(id).colour}"/></g>`).join('');
  const ends = axis => (axis.values.length ? [figure(axis.values[0]), figure(axis.values.at(-1))] : axis.kind === 'theory' ? ['', ''] : [rivalName(axis, axis.rivals[0]), rivalName(axis, axis.rivals.at(-1))]);
  const [x0, x1] = ends(map.across), [y0, y1] = ends(map.up);
  const text = (x, y, words, anchor) => `<text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
  const keys = [2, 1, 0, -1, -2].map(kind => `<span class="map-key"><svg width="16" height="12" aria-hidden="true"><rect width="16" height="12" fill="${CLASS_FILL[kind]}" stroke="#7b878c"/></svg>${CC.safeT('flips.class.' + kind)}</span>`).join('');
  return `<h3>${CC.safeT('flips.map')}</h3><svg class="flip-map" viewBox="0 0 460 288" role="img" aria-label="${CC.safeT('flips.map_of', { across: CC.label(map.across.kind, map.across.name, map.across.label), up: CC.label(map.up.kind, map.up.name, map.up.label) })}"><defs><pattern id="cannot-tell" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#f1f1ee"/><line x1="0" x2="0" y1="0" y2="6" stroke="#8b9296" stroke-width="1.6"/></pattern></defs>${tiles}${marks}${text(left, top + tall + 15, x0, 'start')}${text(left + wide, top + tall + 15, x1, 'end')}${text(left - 5, top + tall, y0, 'end')}${text(left - 5, top + 10, y1, 'end')}</svg><p class="small">→ ${assumptionName(map.across)} · ↑ ${assumptionName(map.up)}</p><p class="map-keys">${keys}</p>`;
}
