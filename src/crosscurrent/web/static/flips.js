'use strict';
/* Second view: every policy under every theory, and what would have to be true for the comparison to turn. */
CC.flips = {};
let flipsQuestion = 0;

CC.flips.build = async () => {
  const S = CC.state, view = CC.one('#view-flips'), asked = ++flipsQuestion;
  const measures = CC.case.measures.map(({ id }) => `<option value="${id}" ${id === S.m ? 'selected' : ''}>${CC.safe(CC.measureName(id))}</option>`).join('');
  const years = CC.case.calendar.years.map(year => `<option ${year === S.year ? 'selected' : ''}>${year}</option>`).join('');
  view.innerHTML = `<div class="two"><div><h1 class="title">${CC.safeT('table.title')}</h1><p class="lead" id="table-lead"></p><p class="choices"><label>${CC.safeT('measure')} <select id="table-measure">${measures}</select></label> <label>${CC.safeT('year')} <select id="table-year">${years}</select></label> <span id="table-badge" role="status">${CC.safeT('badge.first')}</span></p><div id="table-place"></div><p class="small">${CC.safeT('table.key')}</p><p class="small">${CC.safeT('table.no_blend')}</p></div><div id="flip-place"></div></div>`;
  CC.one('#table-lead').textContent = CC.t('table.lead', { measure: CC.measureName(S.m), date: CC.dateOf(CC.pointOf(S.year)), a: CC.policyName(S.a), unit: CC.unitName(S.m) });
  CC.flips.chosen();
  try {
    for (const worlds of CC.source.live ? CC.case.world_steps.slice(0, 2) : [CC.case.world_steps[0]]) {
      const found = await CC.source.table({ a: S.a, measure: S.m, point: CC.pointOf(S.year), worlds });
      if (asked !== flipsQuestion || S.view !== 'flips') return;
      drawTable(found);
    }
  } catch (error) {
    if (asked === flipsQuestion) CC.one('#table-badge').textContent = error instanceof CC.Refused ? error.message : CC.t('error.lost');
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
  const S = CC.state, place = CC.one('#flip-place'), asked = flipsQuestion;
  CC.flips.mark();
  const title = `<h2 class="title">${CC.safeT('flips.title', { a: CC.policyName(S.a), b: CC.policyName(S.b) })}</h2>`;
  if (S.a === S.b) { place.innerHTML = `${title}<p class="lead">${CC.safeT('answer.same')}</p>`; return; }
  place.innerHTML = `${title}<p class="lead">${CC.safeT('badge.first')}</p>`;
  const edited = CC.edited() ? `<p class="small">${CC.safeT('flips.unedited')}</p>` : '';
  try {
    const found = await CC.source.flips({ a: S.a, b: S.b, measure: S.m });
    if (asked !== flipsQuestion) return;
    place.innerHTML = title + edited + (found.computed ? CC.flips.markup(found) : CC.flips.absent());
  } catch (error) {
    place.innerHTML = `${title}<p class="lead">${CC.safe(error instanceof CC.Refused ? error.message : CC.t('error.lost'))}</p>`;
  }
};

CC.flips.absent = () => `<div class="absent"><p>${CC.safeT('flips.absent')}</p><pre tabindex="0">crosscurrent compare --out RESULTS\ncrosscurrent serve --results RESULTS</pre></div>`;
CC.flips.markup = found => `<pre tabindex="0">${CC.safe(JSON.stringify(found.found, null, 1))}</pre>`;
