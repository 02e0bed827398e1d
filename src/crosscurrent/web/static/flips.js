'use strict';
/* Second view: what would turn the comparison of B, as its levers stand, with A; in one sentence first, then every policy
   under every theory, then what it depends on. */
CC.flips = { found: null };
const PAUSE = 150, MORE = 700;
let tableAsked = 0, tableFound = null, rowAsked = 0, rowFound = null, flipAsked = 0, flipSequence = 0, flipController = null, sentenceSaid = Promise.resolve();

CC.flips.build = () => {
  const S = CC.state;
  const measures = CC.case.measures.map(({ id }) => `<option value="${id}" ${id === S.m ? 'selected' : ''}>${CC.safe(CC.measureName(id))}</option>`).join('');
  const years = CC.case.calendar.years.map(year => `<option ${year === S.year ? 'selected' : ''}>${year}</option>`).join('');
  CC.one('#view-flips').innerHTML = `<h1 class="title" id="flip-title"></h1><p class="choices"><label>${CC.safeT('measure')} <select id="table-measure">${measures}</select></label> <a href="#/compare" data-view="compare">${CC.safeT('flips.change')}</a></p><p id="flip-sentence" role="status"></p><p class="small" id="flip-badge"></p><div class="two"><div id="flip-place"></div><div><h2 class="title">${CC.safeT('table.title')}</h2><p class="lead" id="table-lead"></p><p class="choices"><label>${CC.safeT('year')} <select id="table-year">${years}</select></label> <span id="table-badge" role="status"></span></p><p class="small small-only">${CC.safeT('table.scrolls')}</p><div id="table-place"></div><p class="small">${CC.safeT('table.key')}</p><p class="small">${CC.safeT('table.no_blend')}</p></div></div>`;
  tableFound = null;
  CC.flips.chosen();
  CC.flips.table();
  CC.pathways.build();
};

/* ---- every policy, and B as edited, under every theory; the sentence goes before the table's further worlds; B gets those of Compare ---- */
CC.flips.table = async () => {
  const S = CC.state, asked = ++tableAsked, badge = CC.one('#table-badge'), steps = CC.source.live ? CC.case.world_steps.slice(0, 2) : [CC.case.world_steps[0]];
  CC.one('#table-lead').textContent = CC.t('table.lead', { measure: CC.measureName(S.m), date: CC.dateOf(CC.pointOf(S.year)), a: CC.policyName(S.a), unit: CC.unitName(S.m) });
  badge.textContent = CC.t('badge.first');
  tableFound = rowFound = null;
  let began = 0;
  try {
    for (const [place, worlds] of steps.entries()) {
      if (place) await sentenceSaid;
      if (asked !== tableAsked || S.view !== 'flips') return;
      began = performance.now();
      const found = await CC.source.table({ a: S.a, b: S.b, levers: { ...S.over }, measure: S.m, point: CC.pointOf(S.year), worlds });
      if (asked !== tableAsked || S.view !== 'flips') return;
      drawTable(tableFound = found);
      const text = CC.say.badge(found.worlds * CC.case.theories.length, failedIn(found), true), next = steps[place + 1];
      const seconds = next ? Math.round((performance.now() - began) / 1000 * next / worlds) : 0;
      badge.textContent = seconds >= 2 ? CC.t('table.more', { badge: text, seconds: CC.number(seconds) }) : text;
    }
    await CC.flips.row();
  } catch (error) {
    if (asked === tableAsked) badge.textContent = CC.problem(error);
  }
};

/* The row of B rests on as many worlds as Compare does when idle, so that both say the same of it. */
CC.flips.row = async () => {
  const S = CC.state, found = tableFound, asked = ++rowAsked, most = CC.case.world_steps.at(-1), badge = CC.one('#table-badge');
  const mine = () => asked === rowAsked && found === tableFound && S.view === 'flips';
  if (!found || !CC.source.live || found.worlds < CC.case.world_steps[1]) return;
  const counted = worlds => CC.say.badge(worlds * CC.case.theories.length, failedIn(found), true);
  if (rowFound) { rowFound = null; drawTable(found); }
  badge.textContent = counted(found.worlds);
  if (S.a === S.b && !CC.edited()) return;
  badge.textContent = CC.t('table.row_more', { badge: counted(found.worlds) });
  try {
    await sentenceSaid;
    if (!mine()) return;
    const more = await CC.source.row({ a: S.a, b: S.b, levers: { ...S.over }, measures: [S.m], worlds: most, with_a: false, sequence: asked });
    if (!mine()) return;
    rowFound = Object.fromEntries(Object.entries(more.cells[S.m]).map(([theory, cell]) => [theory, atPoint(cell, found.point)]));
    drawTable(found);
    const failed = failedIn(found), text = CC.t('table.rows', { b: CC.number(most * CC.case.theories.length), n: CC.number(found.worlds) });
    badge.textContent = failed ? `${text} ${CC.t('failed', { n: failed })}.` : text;
  } catch (error) {
    if (mine()) badge.textContent = CC.problem(error);
  }
};

function drawTable(found) {
  const theories = CC.case.theories.map(theory => theory.id), rows = withEdited(found);
  const all = rows.flatMap(([, cells]) => (cells ? theories.map(theory => cells[theory]).filter(cell => cell.d) : []));
  const reach = CC.roundUp(Math.max(1e-9, ...all.flatMap(cell => [-cell.d[0], cell.d[4]])));
  const head = theories.map(id => `<th scope="col"><b>${CC.glyph(id)}${CC.safe(CC.theoryName(id))}</b></th>`).join('');
  const body = rows.map(([policy, cells, edited]) => tableRow(policy, cells && theories.map(id => cells[id]), edited, reach)).join('');
  const place = CC.one('#table-place'), focused = place.contains(document.activeElement) && document.activeElement.dataset.policy;
  if (!CC.one('.scroll', place)) place.innerHTML = `<div class="scroll" tabindex="0" role="region" aria-label="${CC.safeT('table.title')}"></div>`;
  CC.one('.scroll', place).innerHTML = `<table class="matrix"><thead><tr><th scope="col">${CC.safeT('policy')}</th>${head}<th scope="col">${CC.safeT('table.range')}</th></tr></thead><tbody>${body}</tbody></table>`;
  if (focused) CC.one(`[data-policy="${focused}"]`, place).focus({ preventScroll: true });
  CC.flips.mark();
}

/* Worlds left out of the table because a policy or A failed in them, over all its cells. */
const failedIn = found => withEdited(found).flatMap(([, cells]) => Object.values(cells || {}).map(cell => (cells === rowFound ? CC.case.world_steps.at(-1) : found.worlds) - cell.worlds)).reduce((sum, failed) => sum + failed, 0);

/* Rows in the case's order, that of B with its further worlds; B as its levers stand comes right after B as the case states it. */
function withEdited(found) {
  const S = CC.state, edited = CC.edited(), rows = Object.entries(found.rows).map(([policy, cells]) => [policy, rowFound && !edited && policy === S.b ? rowFound : cells]);
  if (edited) rows.splice(rows.findIndex(([policy]) => policy === S.b) + 1, 0, [S.b, rowFound || found.edited, true]);
  return rows;
}

/* Hue only where it is clear which policy does better; grey where it is not. */
function tableRow(policy, cells, edited, reach) {
  const S = CC.state, sense = CC.measure(S.m).better;
  const name = edited ? `<span class="row-button">${CC.safe(CC.nameB())}</span>` : `<button class="row-button" data-policy="${policy}">${CC.safe(CC.policyName(policy))}</button>`;
  const first = `<tr data-of="${edited ? 'edited' : policy}"><th scope="row">${name}</th>`;
  if (!cells) return `${first}<td colspan="${CC.case.theories.length + 1}">${CC.safeT('file.not_computed')}</td></tr>`;
  const known = cells.filter(cell => cell.d);
  const body = cells.map(cell => {
    if (!cell.d) return `<td>${CC.safeT('none_left')}</td>`;
    const colour = sense === 0 || cell.clear === 0 ? '#7f888c' : cell.clear > 0 ? CC.INK.b : CC.INK.a;
    const word = cell.clear === 0 ? CC.t('row.open') : CC.t('row.' + (cell.clear > 0 ? CC.say.better(sense) : CC.say.worse(sense)));
    return `<td>${CC.strip(cell.d, reach, colour, S.middle)}<span class="figures">${CC.safe(CC.shortRange(S.m, cell.d[0], cell.d[4]))}<span class="unseen"> ${CC.safe(word)}</span></span></td>`;
  }).join('');
  const ends = known.length && CC.say.ends(S.m, known.map(cell => [cell.d[0], cell.d[4]]), CC.signed);
  return `${first}${body}<td>${ends ? CC.safe(`${ends.low} … ${ends.high}`) : ''}</td></tr>`;
}

CC.flips.mark = () => {
  const edited = CC.one('#table-place [data-of="edited"]');
  if (edited && !CC.edited()) edited.remove();
  for (const row of CC.all('#table-place tr[data-of]')) {
    const chosen = row.dataset.of === (CC.edited() ? 'edited' : CC.state.b), button = CC.one('button', row);
    row.classList.toggle('chosen', chosen);
    if (button) button.setAttribute('aria-pressed', chosen);
    else if (chosen) row.setAttribute('aria-current', 'true');
  }
};

/* ---- what flips it: 256 worlds a theory first, more when idle; the latest question wins ---- */
CC.flips.chosen = async () => {
  const S = CC.state, asked = ++flipAsked, current = () => asked === flipAsked && S.view === 'flips';
  let said = () => {};
  sentenceSaid = new Promise(done => { said = done; });
  if (flipController) flipController.abort();
  flipController = new AbortController();
  CC.flips.found = null;
  CC.flips.mark();
  CC.flips.row();
  CC.one('#flip-title').textContent = CC.t('flips.title', { a: CC.policyName(S.a), b: CC.nameB() });
  CC.one('#flip-sentence').classList.add('wait');
  if (S.a === S.b && !CC.edited()) { showFlip(CC.safeT('answer.same'), '', ''); said(); return; }
  showFlip(CC.safeT('badge.first'), '', '');
  try {
    for (const [place, worlds] of CC.case.world_steps.slice(1).entries()) {
      if (place) await new Promise(done => setTimeout(done, MORE));
      const found = current() && await searchFlip(worlds, current);
      if (!found || !current()) return;
      if (!found.computed) { showFlip(flipAbsent(found), '', ''); return; }
      CC.flips.found = found;
      showFlip(CC.flips.sentence(found), CC.flips.counted(found), CC.flips.markup(found));
      said();
      if (found.from === 'study' || !CC.source.live) return;
    }
  } catch (error) {
    if (current() && error.name !== 'AbortError') showFlip(CC.safe(CC.problem(error)), '', '');
  } finally { said(); }
};

const flipAbsent = ({ computing }) => (computing && computing.error ? `<span lang="en">${CC.safe(computing.error)}</span>` : CC.safeT(CC.source.live ? 'flips.absent' : 'file.not_computed'));

function showFlip(sentence, badge, details) {
  const place = CC.one('#flip-sentence');
  if (place.innerHTML !== sentence) place.innerHTML = sentence;
  place.classList.toggle('wait', !CC.flips.found);
  CC.one('#flip-badge').innerHTML = badge;
  CC.one('#flip-place').innerHTML = details;
}

/* Asked again until the search is through; how far it is stands below the sentence. */
async function searchFlip(worlds, current) {
  const S = CC.state, question = { a: S.a, b: S.b, levers: { ...S.over }, measure: S.m, worlds, sequence: ++flipSequence };
  for (;;) {
    const found = await CC.source.flips(question, flipController.signal);
    if (!current()) return null;
    if (found.computed || !found.computing || found.computing.error) return found;
    CC.one('#flip-badge').textContent = (CC.flips.found ? CC.flips.counted(CC.flips.found) + ' ' : '') + flipProgress(found.computing, worlds);
    await new Promise(done => setTimeout(done, PAUSE));
  }
}

function flipProgress({ done, total, seconds }, worlds) {
  const slots = { done: CC.number(done), total: CC.number(total), worlds: CC.number(worlds), seconds: CC.number(Math.max(1, Math.round(seconds || 0))) };
  if (seconds == null) return CC.t('flips.waiting', slots);
  return CC.t(total ? 'flips.computing' : 'flips.reading', slots);
}

/* A study is on its way, or there is none: said plainly, never filled with something else. */
CC.absent = (found, key) => {
  const study = found.computing;
  if (study && !study.error) return `<p class="absent" role="status">${study.total ? CC.safeT('study.computing', { done: CC.number(study.done), total: CC.number(study.total) }) : CC.safeT('paths.waiting')}</p>`;
  const why = study && study.error ? `<p lang="en">${CC.safe(study.error)}</p>` : '';
  return `<div class="absent"><p>${CC.safeT(key)}</p>${why}</div>`;
};
