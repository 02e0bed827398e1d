'use strict';
/* Third view: claims of the documents under one test, ordered by subject, in one neutral ink. */
CC.claims = {};

CC.claims.build = async () => {
  const view = CC.one('#view-claims');
  const title = `<h1 class="title">${CC.safeT('claims.title')}</h1>`;
  if (!view.innerHTML) view.innerHTML = `${title}<p class="lead">${CC.safeT('badge.first')}</p>`;
  try {
    for (;;) {
      const found = await CC.source.claims();
      if (CC.state.view !== 'claims') return;
      show(view, found);
      if (found.computed || !found.computing || found.computing.error) return;
      await new Promise(done => setTimeout(done, 1500));
    }
  } catch (error) {
    view.innerHTML = `${title}<p class="lead">${CC.safe(CC.problem(error))}</p>`;
  }

  function show(place, found) {
    const S = CC.state, rows = [...found.rows].sort((x, y) => x.subsystem.localeCompare(y.subsystem));
    const kinds = ['all', 'supporter', 'sceptic', 'neutral', ...(found.computed ? ['split'] : [])];
    const buttons = kinds.map(kind => `<button data-show="${kind}" aria-pressed="${S.filter === kind}">${CC.safeT('claims.show.' + kind)}</button>`).join('');
    const shown = rows.filter(row => S.filter === 'all' || row.stance === S.filter || (S.filter === 'split' && splits(row)));
    const absent = found.computed ? `<p class="small">${CC.safeT('claims.worlds', { n: CC.number(found.worlds), seed: found.seed })}</p>` : CC.absent(found, 'claims.absent');
    place.innerHTML = `${title}<p class="lead narrow">${CC.safeT('claims.lead')}</p>${absent}<div class="filters"><div class="seg" role="group" aria-label="${CC.safeT('claims.filter')}">${buttons}</div><span>${CC.safeT('claims.order')}</span></div><div class="claims">${shown.map(row => claim(row)).join('') || `<p>${CC.safeT('claims.none')}</p>`}</div>`;
  }
};

const splits = row => row.result && row.result.verdict === 'depends';

function claim(row) {
  const statement = CC.labelMarkup('claim', row.id, row.statement);
  const documents = row.documents.map(id => `<button class="link" data-explain="${CC.safe(id)}">${CC.safe(id)}</button>`).join(' ');
  return `<article class="claim${row.test ? '' : ' untested'}"><div><h2>${statement}</h2><dl><dt>${CC.safeT('claims.says')}</dt><dd>${CC.labelMarkup('asserted', row.id, row.asserted_by)} <span class="stance">${CC.safeT('stance.' + row.stance)}</span></dd><dt>${CC.safeT('claims.subject')}</dt><dd>${CC.words['subsystem.' + row.subsystem] ? CC.safeT('subsystem.' + row.subsystem) : CC.safe(row.subsystem)}</dd><dt>${CC.safeT('claims.documents')}</dt><dd>${documents} <span class="mute">${CC.safeT('origin', { name: row.origin })}</span></dd><dt>${CC.safeT('claims.test')}</dt><dd>${test(row)}</dd></dl></div>${row.test ? `<div>${result(row)}</div>` : ''}</article>`;
}

/* The statement that was tested, in words; several that must hold in the same world are listed. */
function test(row) {
  if (!row.test) return `${CC.safeT('claims.untested')} ${CC.textMarkup('why_not.' + row.id, row.why_not || '')}`;
  const first = testSentence(row.test, row.test.at_months);
  if (!row.together.length) return first;
  return `${CC.safeT('test.together')}<ul>${[first, ...row.together.map(one => testSentence(one, row.test.at_months))].map(text => `<li>${text}</li>`).join('')}</ul>`;
}

function testSentence(one, months) {
  let other = CC.policyName(one.versus);
  if (one.versus_measure) other = CC.t('test.other_measure', { measure: CC.measureName(one.versus_measure), versus: other });
  if (one.versus_month != null) other = CC.t('test.other_month', { versus: other, n: one.versus_month });
  const text = CC.t('test.' + one.direction, {
    measure: CC.measureName(one.measure), policy: CC.policyName(one.policy), versus: other, margin: one.margin == null ? '' : CC.number(one.margin, one.margin < 1 ? 2 : 0),
    months: CC.list((one.at_months.length ? one.at_months : months).map(month => CC.number(month))),
  });
  return CC.safe(text + (one.per_cost ? ' ' + CC.t('test.per_cost') : ''));
}

/* One row of bars a date; the verdict of the study in words, and on what it depends. */
function result(row) {
  if (!row.test) return '';
  if (!row.result) return `<p class="mute">${CC.safeT('claims.not_here')}</p>`;
  const dates = row.result.dates.map(date => dateBars(date)).join('');
  const verdict = CC.t('verdict.' + row.result.verdict.replaceAll(' ', '_'));
  const why = row.result.why ? ` ${whyMarkup(row.result)}` : '';
  const depends = row.result.depends.length ? `<p class="small">${CC.safeT('claims.depends')} ${row.result.depends.map(one => `<button class="link" data-explain="${CC.safe(one.name)}">${CC.labelMarkup(one.kind, one.name, one.label)}</button>`).join(' · ')}</p>` : '';
  return `<p class="verdict"><b>${CC.safe(verdict)}</b>${why} <span class="mute">${CC.safeT('test_kind.' + row.result.kind)}</span></p>${dates}${depends}`;
}

/* Why nothing was decided: what the stored study lacks, or too few worlds. */
function whyMarkup({ why, needs }) {
  if (CC.language === 'en') return CC.safe(why);
  const names = { policy: CC.policyName, measure: CC.measureName };
  const lacking = needs.map(([kind, name]) => CC.t('need.' + kind, { name: names[kind] ? names[kind](name) : name }));
  return CC.safeT(lacking.length ? 'claims.lacks' : 'claims.few', { needs: [...new Set(lacking)].join('; ') });
}

function dateBars(date) {
  const cells = CC.case.theories.map(({ id }) => [id, date.theories[id]]).filter(([, cell]) => cell);
  if (!cells.length) return '';
  const bars = cells.map(([id, cell]) => `<div><span class="name">${CC.glyph(id, 12)}${CC.safe(CC.theoryName(id))}</span>${CC.shareBar(cell.share, cell.error)}<span><b>${CC.say.hundred(cell.share).replace('<', '&lt;').replace('>', '&gt;')}</b> / 100<span class="unseen"> ${CC.safeT('cell_verdict.' + cell.verdict.replace(' ', '_'))}</span></span></div>`).join('');
  return `<h3 class="date">${CC.safeT('claims.date', { n: date.month })}</h3><div class="bars">${bars}</div>`;
}
