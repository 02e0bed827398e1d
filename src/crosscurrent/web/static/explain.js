'use strict';
/* The drawer behind every number: what it is, what moves it, which assumptions, who says so. Esc returns the focus. */
CC.explain = {};

const drawer = () => CC.one('#drawer');

/* What was opened from what: each content is a level with its own markup, place and focus; only the last is in the page. */
const levels = [];

function openDrawer(title, markup) {
  const place = drawer(), before = place.open ? levels.at(-1) : null, level = { place: document.createElement('div') };
  level.place.innerHTML = `<div class="dialog-head">${before ? `<button class="button" id="drawer-back">${CC.safeT('back')}</button>` : ''}<h2 class="title" id="drawer-title" tabindex="-1">${CC.safe(title)}</h2><button class="button" data-close>${CC.safeT('close')}</button></div>${markup}`;
  if (before) Object.assign(before, { scrolled: place.scrollTop, focus: document.activeElement });
  else levels.length = 0;
  levels.push(level);
  place.replaceChildren(level.place);
  if (before) CC.over.add(place.id, lowerLevel);
  else CC.over.show(place);
  place.scrollTop = 0;
  CC.one('#drawer-title').focus();
  return level.place;
}

/* Back to the content from which the last was opened: as it was, where it was. */
function lowerLevel() {
  levels.pop();
  const level = levels.at(-1), place = drawer(), title = '#drawer-title';
  place.replaceChildren(level.place);
  (level.place.contains(level.focus) ? level.focus : CC.one(title)).focus({ preventScroll: true });
  place.scrollTop = level.scrolled;
}

const failed = error => `<p>${CC.safe(CC.problem(error))}</p>`;

/* ---- a chart: figures, what drives the difference, assumptions of the measure and of the theory ---- */
CC.explain.cell = async (measure, theory) => {
  const S = CC.state, answer = CC.asking.answer, cell = answer && answer.cells[measure] && answer.cells[measure][theory];
  if (!cell) return;
  const at = S.point ?? CC.pointOf(S.year), title = CC.t('explain.title'), blended = theory === CC.BLEND;
  const lead = blended ? CC.blend.lead(measure, at) : `<p class="lead">${CC.glyph(theory)} <b>${CC.safe(CC.theoryName(theory))}</b>: ${CC.labelMarkup('theory_text', theory, CC.theory(theory).description)}</p>`;
  const mine = openDrawer(title, `${lead}<p><b>${CC.safe(CC.measureName(measure))}</b>, ${CC.safe(CC.dateOf(at))} · ${CC.safe(CC.unitName(measure))}</p>${cell.b ? `<div id="large">${CC.large.markup(measure, cell, at)}</div>` : ''}${cellFigures(measure, cell, at)}<div id="drivers"><h3>${CC.safeT('explain.drives')}</h3><p>${CC.safeT('badge.first')}</p></div><div id="behind"><p>${CC.safeT('badge.first')}</p></div>${runRecord(answer, blended)}`);
  if (cell.b) withPast(measure, cell, at, mine);
  if (blended) CC.one('#drivers', mine).innerHTML = `<h3>${CC.safeT('explain.drives')}</h3><p>${CC.safeT('blend.drives')}</p>`;
  else drivers(measure, theory, at, mine);
  behind(blended ? [measure] : [measure, theory], mine);
};

function cellFigures(measure, cell, at) {
  if (!cell.better) return `<p>${CC.safeT('none_left')}</p>`;
  const row = (key, text) => `<dt>${CC.safeT(key)}</dt><dd>${CC.safe(text)}</dd>`, sense = CC.measure(measure).better;
  const bands = cell.b ? row('table.a', CC.range(measure, cell.a[0][at], cell.a[4][at])) + row('table.b', CC.range(measure, cell.b[0][at], cell.b[4][at])) + row('table.d', CC.signedRange(measure, cell.d[0][at], cell.d[4][at])) : '';
  return `${cell.b ? '' : `<p>${CC.safeT('blend.file')}</p>`}<dl class="facts">${bands}${row('table.' + CC.say.better(sense), CC.say.hundred(cell.better[at]))}${row('table.' + CC.say.worse(sense), CC.say.hundred(cell.worse[at]))}${row('table.error', CC.blend.error(cell, at))}</dl>`;
}

/* What was observed before the decision joins the chart once it is known. */
async function withPast(measure, cell, at, mine) {
  let observed = null;
  try { ({ observed } = await CC.source.explain(measure)); } catch { return; }
  if (observed) CC.one('#large', mine).innerHTML = CC.large.markup(measure, cell, at, observed);
}

/* Each change of B set back to A by itself, in the same worlds. */
async function drivers(measure, theory, at, mine) {
  const S = CC.state;
  let markup;
  try {
    const found = await CC.source.switches({ a: S.a, b: S.b, levers: { ...S.over }, theory, measure, point: at });
    const rows = Object.entries(found.levers).filter(([, cell]) => cell.d);
    const reach = Math.max(1e-12, ...rows.flatMap(([, cell]) => [-cell.d[0], cell.d[4]]));
    const sense = CC.measure(measure).better;
    markup = rows.length ? `<p class="small">${CC.safeT('explain.switches')}</p><div class="scroll" tabindex="0" role="region" aria-label="${CC.safeT('explain.drives')}"><table class="plain"><tbody>${rows.map(([id, cell]) => `<tr><th scope="row"><button class="link" data-explain="${CC.lever(id).explained_as}">${CC.safe(CC.leverName(id))}</button></th><td class="driver">${CC.strip(cell.d, reach, sense === 0 || cell.clear === 0 ? '#7f888c' : cell.clear > 0 ? CC.INK.b : CC.INK.a, false)}</td><td>${CC.safe(CC.shortRange(measure, cell.d[0], cell.d[4]))}</td></tr>`).join('')}</tbody></table></div>` : `<p>${CC.safeT(CC.source.live ? 'explain.no_change' : 'file.not_computed')}</p>`;
  } catch (error) { markup = failed(error); }
  CC.one('#drivers', mine).innerHTML = `<h3>${CC.safeT('explain.drives')}</h3>${markup}`;
}

async function behind(names, mine) {
  let markup = '';
  for (const name of names) {
    try {
      await CC.texts();
      markup += explanation(await CC.source.explain(name));
    } catch (error) { markup += failed(error); }
  }
  CC.one('#behind', mine).innerHTML = markup;
}

/* ---- a name: lever, measure, theory, parameter, record ---- */
CC.explain.name = async name => {
  const lever = CC.case.levers.find(one => one.explained_as === name);
  const known = lever ? CC.leverName(lever.id) : CC.measure(name) ? CC.measureName(name) : CC.theory(name) ? CC.theoryName(name) : CC.isPolicy(name) ? CC.policyName(name) : '';
  const mine = openDrawer(known || CC.t('badge.first'), `<div id="behind"><p>${CC.safeT('badge.first')}</p></div>`);
  await behind([name], mine);
  if (!known) CC.one('#drawer-title', mine).innerHTML = titleOf(CC.one('#behind [data-title]', mine), name);
};

const titleOf = (told, name) => (told ? CC.textMarkup(told.dataset.title, told.dataset.own) : `<span lang="en">${CC.safe(name)}</span>`);

/* Where the words of a definition are, by kind: several are the name's own label. */
const DEFINED = { parameter: 'parameter', lever: 'lever', theory: 'theory_text', measure: 'measure', observable: 'measure' };
const TITLED = { parameter: 'parameter', axis: 'axis', driver: 'driver', policy_variant: 'variant' };

function definitionKey(kind, name) {
  if (kind === 'evidence') return `evidence.${name}.mechanism`;
  return CC.text('definition.' + name) === undefined && DEFINED[kind] ? `${DEFINED[kind]}.${name}` : 'definition.' + name;
}

function explanation(found) {
  const S = [], kind = found.kind.replaceAll(' ', '_'), key = definitionKey(kind, found.name);
  const title = TITLED[kind] ? ` data-title="${TITLED[kind]}.${CC.safe(found.name)}" data-own="${CC.safe(found.title)}"` : '';
  S.push(`<h3${title}>${CC.safeT('kind.' + kind)}</h3>${kind === 'parameter' ? '' : `<p>${CC.textMarkup(key, found.definition)}</p>`}`);
  const facts = found.facts.filter(([, text]) => text), first = facts.filter(([label]) => !TECHNICAL.test(label)).sort((one, other) => order(one[0]) - order(other[0]));
  if (first.length) S.push(`<dl class="facts">${first.map(fact).join('')}</dl>`);
  S.push(originalOf(found, key));
  for (const [heading, lines] of found.lists) if (lines.length) S.push(`<details><summary>${factLabel(heading)} (${lines.length})</summary><ul>${lines.map(([line, said]) => `<li>${CC.saidMarkup(said, line)}</li>`).join('')}</ul></details>`);
  if (found.by_theory.length) S.push(byTheory(found));
  if (found.assumptions.length) S.push(`<h3>${CC.safeT('explain.assumptions')}</h3><p class="small">${CC.safeT('explain.near')}</p>${found.assumptions.map(assumption).join('')}`);
  if (found.evidence.length) S.push(`<h3>${CC.safeT('explain.evidence', { n: found.evidence.length, origins: CC.t('explain.origins', { n: found.origins }) })}</h3><div class="records">${found.evidence.map(CC.record).join('')}</div>`);
  else if (found.kind === 'parameter' || found.kind === 'lever') S.push(`<p>${CC.safeT('explain.no_evidence')}</p>`);
  if (found.equations.length) S.push(`<details><summary>${CC.safeT('explain.equations')} (${found.equations.length})</summary>${found.equations.map(one => `<p><code>${CC.safe(one.function)}</code> <code class="mute">${CC.safe(one.place)}</code></p><p lang="en">${CC.safe(one.text)}</p>`).join('')}</details>`);
  S.push(`<details class="technical"><summary>${CC.safeT('explain.technical')}</summary><dl class="facts"><dt>${CC.safeT('fact.name')}</dt><dd><code>${CC.safe(found.name)}</code></dd>${facts.filter(([label]) => TECHNICAL.test(label)).map(fact).join('')}</dl></details>`);
  return S.join('');
}

/* What says how the laboratory computes comes last; what a reader asks first: unit, grade, reasoning. */
const TECHNICAL = /^(written in|read from|possible range|flow or stock|subsystem|carried out|value in week 0|largest possible value|after the last year|placed within its margin by|weights where no theory fixes it|distribution.*|if .*)$/;
const FIRST = ['unit', 'grade of evidence', 'reasoning'];
const order = label => (FIRST.includes(label) ? FIRST.indexOf(label) : FIRST.length);

function fact([label, text, said]) {
  let shown = CC.saidMarkup(said, text);
  if (label === 'unit' && text === '1') shown = CC.safeT('fact.no_unit');
  if (label === 'written in' || label === 'read from') shown = `<code lang="en">${CC.safe(text)}</code>`;
  if (label === 'citation') shown = CC.citationMarkup(text);
  if (label === 'locator') shown = `<span lang="en">${CC.linked(text)}</span>`;
  return `<dt>${factLabel(label)}</dt><dd>${shown}</dd>`;
}

/* Translations of definitions, reasoning and records are ours: the English can be opened beside them. */
function originalOf(found, key) {
  const words = found.facts.filter(([, text, said]) => text && said && /^(reasoning|evidence)\./.test(said[0]) && CC.text(said[0]) !== undefined).map(([, text]) => text);
  if (CC.text(key) !== undefined) words.unshift(found.definition);
  if (CC.language === 'en' || !words.length) return '';
  return `<details class="original"><summary>${CC.safeT('original')}</summary><p lang="en">${words.map(CC.shown).join('<br>')}</p></details>`;
}

/* Labels of facts are few and have messages; what has none is the laboratory's own English. */
const factLabel = label => {
  const [, rival, axis] = /^if (\S+) \((\S+)\)$/.exec(label) || [];
  if (rival) return CC.saidMarkup(['fact.if', { rival, axis }], label);
  return CC.textMarkup('fact.' + CC.slug(label), label);
};

const assumption = row => `<div class="assumption"><button class="link" data-explain="${row.id}">${CC.labelMarkup('parameter', row.id, row.label)}</button> <span class="mute">${CC.safeT('explain.graded', { grade: CC.t('grade.' + row.grade), n: row.records })}</span></div>`;

function byTheory(found) {
  const few = new Intl.NumberFormat(CC.locale(), { maximumSignificantDigits: 3 }), short = value => few.format(value + 0);
  const rows = found.by_theory.map(row => `<tr><th scope="row">${CC.glyph(row.theory)} ${CC.safe(CC.theoryName(row.theory))}</th><td>${CC.safe(CC.t('range', { low: short(row.p05), high: short(row.p95) }))}</td></tr>`).join('');
  return `<table class="plain"><caption>${CC.safeT('explain.by_theory')}</caption><tbody>${rows}</tbody></table>`;
}

const runRecord = (answer, blended) => `<p class="small">${CC.safeT('explain.run')} <code>${CC.safe(`case ${CC.case.case}@${CC.case.digest.slice(0, 8)} · crosscurrent ${CC.case.version} · seed ${CC.case.seed}${CC.fitted() ? ` · ${CC.case.beliefs}` : ''} · ${answer.worlds} × ${CC.case.theories.length}${blended ? ` · ${CC.blend.record()}` : ''}`)}</code></p>`;
