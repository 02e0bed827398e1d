'use strict';
/* Third view: claims of the documents under one test, ordered by subject, in one neutral ink. */
CC.claims = { find: '', found: null };
let claimsAsked = 0;

CC.claims.build = async () => {
  const view = CC.one('#view-claims'), asked = ++claimsAsked;
  const title = `<h1 class="title">${CC.safeT('claims.title')}</h1>`;
  if (view.dataset.lang !== CC.language) {
    view.dataset.lang = CC.language;
    view.innerHTML = `${title}<p class="lead narrow">${CC.safeT('claims.lead')}</p><div id="claims-state"></div><div class="filters" id="claims-filters"></div><p class="filters"><label>${CC.safeT('claims.find')} <input id="claim-find" type="search" value="${CC.safe(CC.claims.find)}"></label> <span id="claims-count" role="status">${CC.safeT('badge.first')}</span></p><div id="claims-list"></div>`;
    CC.claims.found = null;
  }
  try {
    for (;;) {
      const found = await CC.source.claims();
      if (CC.state.view !== 'claims' || asked !== claimsAsked) return;
      const moved = CC.claims.found && !CC.claims.found.computed && !found.computed && asked === CC.claims.drawn;
      CC.claims.found = found;
      CC.one('#claims-state').innerHTML = found.computed ? `<p class="small">${CC.safeT('claims.worlds', { n: CC.number(found.worlds), seed: found.seed })}</p>` : CC.absent(found, 'claims.absent');
      if (moved) for (const place of CC.all('#claims-list .counting')) place.textContent = counting();
      else drawClaims();
      CC.claims.drawn = asked;
      if (found.computed || !found.computing || found.computing.error) return;
      await new Promise(done => setTimeout(done, 1500));
    }
  } catch (error) {
    CC.one('#claims-count').textContent = CC.problem(error);
  }
};

/* What the study has not come to yet is on its way; where there is none, it is not computed here. */
const counting = () => {
  const study = CC.claims.found.computing;
  if (study && !study.error && !study.total) return CC.t('paths.waiting');
  return study && !study.error ? CC.t('claims.computing', { done: CC.number(study.done), total: CC.number(study.total) }) : CC.t('claims.not_here');
};

const subjectName = id => (CC.words['subsystem.' + id] ? CC.t('subsystem.' + id) : id);
const splits = row => row.result && row.result.verdict === 'depends';
const claimText = row => [CC.label('claim', row.id, row.statement), CC.label('asserted', row.id, row.asserted_by), subjectName(row.subsystem), ...(row.test ? [row.test, ...row.together] : []).flatMap(one => [CC.measureName(one.measure), CC.policyName(one.policy), CC.policyName(one.versus)])].join(' ');

function drawClaims() {
  const S = CC.state, { found, find } = CC.claims, list = CC.one('#claims-list'), wanted = plainText(find.trim());
  const kinds = ['all', 'supporter', 'sceptic', 'neutral', ...(found.computed ? ['split'] : [])];
  const buttons = kinds.map(kind => `<button data-show="${kind}" aria-pressed="${S.filter === kind}">${CC.safeT('claims.show.' + kind)}</button>`).join('');
  CC.one('#claims-filters').innerHTML = `<div class="seg" role="group" aria-label="${CC.safeT('claims.filter')}">${buttons}</div><span>${CC.safeT('claims.order')}</span>`;
  const shown = found.rows.filter(row => (S.filter === 'all' || row.stance === S.filter || (S.filter === 'split' && splits(row))) && plainText(claimText(row)).includes(wanted));
  const subjects = [...new Set(shown.map(row => row.subsystem))].sort((one, other) => subjectName(one).localeCompare(subjectName(other), CC.locale()));
  const of = subject => shown.filter(row => row.subsystem === subject);
  const jumps = subjects.map(subject => `<button class="link" data-jump="${subject}">${CC.safe(subjectName(subject))} (${of(subject).length})</button>`).join(' ');
  CC.one('#claims-count').textContent = shown.length ? CC.t('claims.shown', { n: shown.length }) : CC.t('claims.none');
  list.innerHTML = `${subjects.length > 1 ? `<nav class="jumps" aria-label="${CC.safeT('claims.jump')}">${jumps}</nav>` : ''}${subjects.map(subject => `<section class="claims"><h2 class="subject" id="subject-${subject}" tabindex="-1">${CC.safe(subjectName(subject))}</h2>${of(subject).map(claim).join('')}</section>`).join('')}`;
}

document.addEventListener('input', event => {
  if (event.target.id !== 'claim-find' || !CC.claims.found) return;
  CC.claims.find = event.target.value;
  drawClaims();
});
CC.claims.jump = subject => {
  const place = CC.one('#subject-' + subject);
  place.scrollIntoView();
  place.focus({ preventScroll: true });
};

/* Names of policies and levers that a sentence writes as in the case's files. */
const named = markup => markup.replace(/(?<=\b(?:lever|palanca) )[a-z]+\b|[a-z]+(?:[-_][a-z]+)+/g, id => (CC.isPolicy(id) ? CC.safe(CC.quoted(CC.policyName(id))) : CC.lever(id) ? CC.safe(CC.quoted(CC.leverName(id))) : id));
const documentName = id => (/^document-\d+$/.test(id) ? CC.t('claims.document', { n: id.slice(9) }) : id);

function claim(row) {
  const statement = CC.labelMarkup('claim', row.id, row.statement);
  const documents = row.documents.map(id => `<button class="link" data-explain="${CC.safe(id)}">${CC.safe(documentName(id))}</button>`).join(' ');
  return `<article class="claim${row.test ? '' : ' untested'}"><div><h3>${statement}</h3><dl><dt>${CC.safeT('claims.says')}</dt><dd>${CC.labelMarkup('asserted', row.id, row.asserted_by)} <span class="stance">${CC.safeT('stance.' + row.stance)}</span></dd><dt>${CC.safeT('claims.documents')}</dt><dd>${documents} <span class="mute">${CC.safeT('origin', { name: documentName(row.origin) })}</span></dd><dt>${CC.safeT('claims.test')}</dt><dd>${test(row)}${noteOf(row)}</dd></dl></div>${row.test ? `<div>${result(row)}</div>` : ''}</article>`;
}

const noteOf = row => (row.note ? `<p class="small">${named(CC.textMarkup('claim_note.' + row.id, row.note))}</p>` : '');

/* The statement that was tested, in words; several that must hold in the same world are listed. */
function test(row) {
  if (!row.test) return `${CC.safeT('claims.untested')} ${named(CC.textMarkup('why_not.' + row.id, row.why_not || ''))}`;
  const first = testSentence(row.test, row.test.at_months);
  if (!row.together.length) return first;
  return `${CC.safeT('test.together')}<ul>${[first, ...row.together.map(one => testSentence(one, row.test.at_months))].map(text => `<li>${text}</li>`).join('')}</ul>`;
}

/* A bound in the measure's unit, a margin and a ratio in per cent. */
const claimUnit = unit => (CC.words['unit.' + unit] ? CC.t('unit.' + unit) : unit);
function bound({ direction, margin, unit }) {
  if (margin == null) return '';
  if (direction === 'equivalent' || direction.startsWith('ratio')) return CC.tick(100 * margin) + ' %';
  return `${CC.tick(margin * (unit === '1' ? 100 : 1))}${unit ? ` (${claimUnit(unit)})` : ''}`;
}

function testSentence(one, months) {
  let other = CC.policyName(one.versus);
  if (one.versus_measure) other = CC.t('test.other_measure', { measure: CC.measureName(one.versus_measure), versus: other });
  if (one.versus_month != null) other = CC.t('test.other_month', { versus: other, n: one.versus_month });
  const dates = one.at_months.length ? one.at_months : months, when = CC.t('test.at', { n: dates.length === 1 ? dates[0] : 2, months: CC.list(dates.map(month => CC.number(month))) });
  const slots = { measure: CC.measureName(one.measure), policy: CC.policyName(one.policy), versus: other, margin: bound(one), when };
  const text = one.direction === 'equivalent' && !one.margin ? CC.t('test.same', slots) : CC.t('test.' + one.direction, slots);
  return CC.safe(text + (one.per_cost ? ' ' + CC.t('test.per_cost') : ''));
}

/* How far the figures lie apart (or the figure itself): 9 in 10 worlds of every theory, and words for the range over them. */
function sizeText([low, high], unit, isLevel) {
  const factor = unit === '1' ? 100 : 1, step = CC.step((high - low) * factor);
  const write = value => { // an end that is not 0 never reads 0
    const shown = value * factor;
    if (!step || (shown && !Math.round(shown / step))) return CC.tick(+shown.toPrecision(2), !isLevel);
    return isLevel ? CC.rounded(shown, step) : CC.signed(shown, step);
  };
  const ends = [write(low), write(high)], text = ends[0] === ends[1] ? ends[0] : CC.t('range', { low: ends[0], high: ends[1] });
  return unit === '%' ? text + ' %' : unit ? `${text} (${claimUnit(unit)})` : text;
}

/* Further tests of a claim, each in a line: a verdict is never shown without those that come out otherwise. One without
   dates of its own is read at those of the claim's test. */
function further({ test, result }) {
  return (result.also || []).map(one => {
    const shares = one.dates.flatMap(date => Object.values(date.theories).map(cell => cell.share)).filter(share => share != null);
    const [low, high] = [Math.min(...shares), Math.max(...shares)].map(CC.say.hundred);
    const worlds = shares.length ? ' ' + (low === high ? CC.t('claims.in_as_many', { n: low }) : CC.t('claims.in_worlds', { range: CC.t('range', { low, high }) })) : '';
    const verdict = CC.t('verdict.' + one.verdict.replaceAll(' ', '_'));
    return `<div class="small further"><p><b>${CC.safeT('claims.also')}</b> ${testSentence(one.test, test.at_months)} <b>${CC.safe(verdict)}</b>${CC.safe(worlds)}${one.why ? ' ' + whyMarkup(one) : ''}</p>${one.dates.length ? sizeOf({ test: one.test, result: one }) : ''}</div>`;
  }).join('');
}
const differs = ({ result }) => (result.also || []).some(one => one.verdict !== result.verdict && one.verdict !== 'not decided');

const isLevel = one => one.direction === 'below' || one.direction === 'above';
function sizeOf(row) {
  const last = row.result.dates.at(-1), cells = last ? Object.values(last.theories).filter(cell => cell.size && cell.size[0] != null) : [];
  const parts = [];
  if (cells.length && !row.test.per_cost && new Set(cells.map(cell => cell.unit)).size === 1) {
    const range = [Math.min(...cells.map(cell => cell.size[0])), Math.max(...cells.map(cell => cell.size[2]))];
    parts.push(CC.t(isLevel(row.test) ? 'claims.level' : 'claims.size', { measure: CC.measureName(row.test.measure), range: sizeText(range, cells[0].unit, isLevel(row.test)) }));
  }
  if (row.test.direction === 'lower' || row.test.direction === 'higher') parts.push(CC.t('claims.any'));
  return parts.length ? `<p class="size">${CC.safe(parts.join(' '))}</p>` : '';
}

/* One row of bars a date; the verdict of the study in words, its size, and on what it depends. */
function result(row) {
  if (!row.test) return '';
  if (!row.result) return `<p class="mute counting">${CC.safe(counting())}</p>`;
  const dates = row.result.dates.map(date => dateBars(date)).join('');
  const verdict = CC.t('verdict.' + row.result.verdict.replaceAll(' ', '_'));
  const why = row.result.why ? ` ${whyMarkup(row.result)}` : '';
  const depends = row.result.depends.length ? `<p class="small">${CC.safeT('claims.depends')} ${row.result.depends.map(one => `<button class="link" data-explain="${CC.safe(one.name)}">${CC.labelMarkup(one.kind, one.name, one.label)}</button>`).join(' · ')}</p>` : '';
  return `<p class="verdict"><b>${CC.safe(verdict)}</b>${why}${kindOf(row.result)}${differs(row) ? ` <b>${CC.safeT('claims.differs')}</b>` : ''}</p>${row.result.dates.length ? sizeOf(row) : ''}${CC.small() && dates ? `<details class="figures-of"><summary>${CC.safeT('claims.bars')}</summary>${dates}</details>` : dates}${depends}${further(row)}`;
}

/* What a verdict is worth; where nothing was decided, nothing was found. */
const kindOf = ({ kind, verdict }) => (kind === 'finding' && verdict === 'not decided' ? '' : ` <span class="mute">${CC.safeT('test_kind.' + kind)}</span>`);

/* Why nothing was decided: what the stored study lacks, or too few worlds. */
function whyMarkup({ needs }) {
  const names = { policy: CC.policyName, measure: CC.measureName };
  const lacking = needs.map(([kind, name]) => CC.t('need.' + kind, { name: names[kind] ? names[kind](name) : name }));
  return CC.safeT(lacking.length ? 'claims.lacks' : 'claims.few', { needs: [...new Set(lacking)].join('; ') });
}

function dateBars(date) {
  const cells = CC.case.theories.map(({ id }) => [id, date.theories[id]]).filter(([, cell]) => cell);
  if (!cells.length) return '';
  const bars = cells.map(([id, cell]) => `<div><span class="name">${CC.glyph(id, 12)}${CC.safe(CC.theoryName(id))}</span>${CC.shareBar(cell.share, cell.error)}<span><b>${CC.say.hundred(cell.share).replace('<', '&lt;').replace('>', '&gt;')}</b> / 100<span class="unseen"> ${CC.safeT('cell_verdict.' + cell.verdict.replace(' ', '_'))}</span></span></div>`).join('');
  return `<h4 class="date">${CC.safeT('claims.date', { n: date.month })}</h4><div class="bars">${bars}</div>`;
}
