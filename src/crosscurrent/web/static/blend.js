'use strict';
/* A reader's own mixture of theories. There are no weights until somebody gives them; they are printed wherever the mixture is
   shown, on screen and in files; the theories stay beside it, and the answer is theirs. */
CC.blend = {};
CC.BLEND = '~blend';

/* Weights out of text, in the order of the theories; null for what is none. */
CC.blend.read = text => {
  const weights = /^\d{1,2}(,\d{1,2})*$/.test(text || '') ? text.split(',').map(Number) : [];
  return weights.length === CC.case.theories.length && weights.some(weight => weight > 0) ? weights : null;
};

/* What an address asks for and cannot be read is kept in it, and named. */
CC.blend.unread = () => ('blend' in CC.state.extra ? CC.t('blend.unread', { given: CC.state.extra.blend.slice(0, 60) }) : '');

CC.blend.text = () => CC.state.blend.join(' · ');
CC.blend.name = () => CC.t('blend.name', { weights: CC.state.blend.join(', ') });

/* As a run record and a file name it: the theories by their names in the case. */
CC.blend.record = () => 'blend ' + CC.case.theories.map((theory, place) => `${theory.id}=${CC.state.blend[place]}`).join(' ');

/* The mixture in an answer, unless that answer was given for other weights. */
CC.blend.of = answer => (CC.state.blend && answer && answer.blend && answer.blend.weights.join() === CC.state.blend.join() ? answer.blend : null);

CC.blend.head = () => {
  const weights = CC.case.theories.map((theory, place) => `<i>${CC.glyph(theory.id, 10, CC.theoryName(theory.id))}${CC.state.blend[place]}</i>`).join(' ');
  return `<button class="theory of-blend" data-blend="head"><b>${CC.glyph(CC.BLEND, 15)}${CC.safeT('blend.title')}</b><span class="weights">${weights}</span></button>`;
};

CC.blend.corner = () => `<span class="corner"><button class="link" id="blend-corner" data-blend="open" aria-haspopup="dialog">${CC.safeT('blend.open')}</button></span>`;

/* ---- asking for weights ---- */
const blendBox = () => CC.one('#blend-box');
const weightFields = () => CC.all('input', blendBox());

CC.blend.open = () => {
  const S = CC.state, box = blendBox();
  const field = (theory, place) => `<div class="weight"><label for="w-${theory.id}">${CC.glyph(theory.id)} ${CC.safe(CC.theoryName(theory.id))}</label><input id="w-${theory.id}" inputmode="numeric" maxlength="2" autocomplete="off" aria-describedby="blend-problem" value="${S.blend ? S.blend[place] : ''}"></div>`;
  const file = CC.source.live ? '' : `<p class="small">${CC.safeT('blend.file')}</p>`;
  box.innerHTML = `<div class="dialog-head"><h2 class="title" id="blend-title">${CC.safeT('blend.open')}</h2><button class="button" data-close>${CC.safeT('close')}</button></div><p>${CC.safeT('blend.beliefs')}</p><p>${CC.safeT('blend.hides')}</p><form id="blend-form" novalidate><p id="blend-fields"><b>${CC.safeT('blend.fields')}</b></p><div role="group" aria-labelledby="blend-fields">${CC.case.theories.map(field).join('')}</div><p id="blend-problem" role="alert"></p>${file}<p class="buttons"><button class="button solid">${CC.safeT('blend.show')}</button><button class="button" type="button" id="blend-equal">${CC.safeT('blend.equal')}</button>${S.blend ? `<button class="button" type="button" id="blend-off">${CC.safeT('blend.off')}</button>` : ''}</p></form>`;
  CC.over.show(box);
  weightFields()[0].focus();
};

CC.blend.equal = () => {
  for (const field of weightFields()) { field.value = '1'; field.removeAttribute('aria-invalid'); }
  CC.one('#blend-problem').textContent = '';
};

/* Every field is read; the first that is no weight takes the focus. */
CC.blend.submit = () => {
  const fields = weightFields(), wrong = fields.filter(field => !/^\d{1,2}$/.test(field.value.trim()));
  const weights = wrong.length ? null : CC.blend.read(fields.map(field => +field.value.trim()).join());
  for (const field of fields) if (wrong.includes(field)) field.setAttribute('aria-invalid', 'true'); else field.removeAttribute('aria-invalid');
  if (weights) { CC.blend.set(weights); return; }
  CC.one('#blend-problem').textContent = CC.t(wrong.length ? 'blend.problem' : 'blend.all_zero');
  (wrong[0] || fields[0]).focus();
};

CC.blend.set = weights => {
  CC.state.blend = weights;
  delete CC.state.extra.blend;
  blendBox().close();
  CC.render(true);
  (CC.one('#blend-corner') || CC.one('#blend')).focus();
};

/* ---- words ---- */
CC.blend.sentence = (answer, measure, at) => {
  const cell = CC.blend.of(answer) && answer.cells[measure][CC.BLEND], sense = CC.measure(measure).better;
  if (!cell || answer.same) return '';
  if (!cell.better) return CC.t('blend.nothing', { weights: CC.blend.text() });
  const slots = { weights: CC.blend.text(), n: CC.say.hundred(cell.better[at]), other: CC.say.hundred(cell.worse[at]) };
  const up = CC.say.better(sense), down = CC.say.worse(sense);
  if (cell.clear[at] > 0) return CC.t('blend.answer.' + up, slots);
  if (cell.clear[at] < 0) return CC.t('blend.answer.' + down, { ...slots, n: slots.other });
  return CC.t('blend.not_clear.' + up, slots);
};

/* A chart's name where a file has no bands of the mixture. */
CC.blend.shares = (measure, cell, at) =>
  `${CC.blend.name()}. ${CC.measureName(measure)}, ${CC.dateOf(at)}. ${CC.t('table.' + CC.say.better(CC.measure(measure).better))}: ${CC.say.hundred(cell.better[at])}. ${CC.t('table.' + CC.say.worse(CC.measure(measure).better))}: ${CC.say.hundred(cell.worse[at])}. ${CC.t('blend.file')}`;

/* The drawer of a chart: whose beliefs, and what each theory says by itself. */
CC.blend.lead = (measure, at) => {
  const sense = CC.measure(measure).better, answer = CC.asking.answer;
  const rows = CC.case.theories.map((theory, place) => {
    const cell = answer.cells[measure][theory.id];
    return `<tr><th scope="row">${CC.glyph(theory.id)} ${CC.safe(CC.theoryName(theory.id))}</th><td>${CC.state.blend[place]}</td><td>${CC.safe(cell.better ? CC.say.hundred(cell.better[at]) : CC.t('none_left'))}</td></tr>`;
  }).join('');
  return `<p class="lead">${CC.glyph(CC.BLEND)} <b>${CC.safeT('blend.title')}</b>: ${CC.safeT('blend.beliefs')} ${CC.safeT('blend.hides')}</p><table class="plain"><thead><tr><th scope="col">${CC.safeT('theory')}</th><th scope="col">${CC.safeT('blend.weight')}</th><th scope="col">${CC.safeT('table.' + CC.say.better(sense))}</th></tr></thead><tbody>${rows}</tbody></table>`;
};

/* ---- one file: what stored answers give exactly ---- */
/* Shares are weighted means of whole counts of worlds. The theories share their worlds, so their errors are not independent
   and only an upper bound is known: the weighted mean of the errors. Bands of a mixture are not in the bands of its parts. */
CC.blend.fromStored = (cells, weights) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const parts = CC.case.theories.map((theory, place) => [cells[theory.id], weights[place]]).filter(([, weight]) => weight > 0);
  if (parts.length === 1) return parts[0][0];
  if (parts.some(([cell]) => !cell.better)) return { worlds: 0 };
  const mean = value => parts[0][0].better.map((_, at) => parts.reduce((sum, [cell, weight]) => sum + weight * value(cell, at), 0) / total);
  const counted = side => mean((cell, at) => Math.round(cell[side][at] * cell.worlds) / cell.worlds);
  const better = counted('better'), worse = counted('worse'), bound = mean((cell, at) => cell.error[at]);
  const beyond = (share, at) => share - CC.case.errors * bound[at] > CC.case.clear;
  const clear = better.map((share, at) => (beyond(share, at) ? 1 : beyond(worse[at], at) ? -1 : 0));
  return { worlds: parts.reduce((sum, [cell]) => sum + cell.worlds, 0), better, worse, bound, clear };
};
CC.blend.failed = (failed, weights) => CC.case.theories.reduce((sum, theory, place) => sum + (weights[place] ? failed[theory.id] : 0), 0);

/* 1.645 standard errors of a share, of 100 worlds. */
CC.blend.error = (cell, at) => (cell.bound ? CC.t('blend.at_most', { n: CC.number(164.5 * cell.bound[at]) }) : '± ' + CC.number(164.5 * cell.error[at]));
