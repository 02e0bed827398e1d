'use strict';
/* Wording. Three outcomes only; a sentence is written from verdicts that the server gives, never from a middle value.
   The same verbs and thresholds for every policy; no policy is the subject of a sentence. */
CC.say = {};

const BETTER = { '-1': 'lower', 0: 'higher', 1: 'higher' };
const WORSE = { '-1': 'higher', 0: 'lower', 1: 'lower' };

/* Key of "lower" or "higher": what B would be when it does better (or, where people dispute what is better, when it is higher). */
CC.say.better = sense => BETTER[sense];
CC.say.worse = sense => WORSE[sense];

/* Theories by verdict: up (B clearly better), down (A clearly better), open (not clear). */
CC.say.sorted = verdicts => {
  const groups = { up: [], down: [], open: [] };
  for (const [theory, verdict] of Object.entries(verdicts)) groups[verdict > 0 ? 'up' : verdict < 0 ? 'down' : 'open'].push(theory);
  return groups;
};

/* One answer: measure, date, verdict by theory (names already in the language). */
CC.say.answer = ({ measure, date, sense, groups, same }) => {
  if (same) return CC.t('answer.same');
  const up = CC.say.better(sense), down = CC.say.worse(sense), parts = [];
  if (groups.up.length) parts.push(CC.t('answer.' + up, { theories: CC.list(groups.up) }));
  if (groups.down.length) parts.push(CC.t('answer.' + down, { theories: CC.list(groups.down) }));
  if (groups.open.length) parts.push(CC.t('answer.open', { theories: CC.list(groups.open) }));
  const count = groups.up.length + groups.down.length + groups.open.length;
  let opening = '';
  if (groups.up.length && groups.down.length) opening = CC.t('answer.contradict') + ' ';
  else if (groups.open.length === count) return CC.t('answer.none', { measure, date });
  else if (groups.up.length === count) return CC.t('answer.all_' + up, { measure, date });
  else if (groups.down.length === count) return CC.t('answer.all_' + down, { measure, date });
  return opening + CC.t('answer.frame', { measure, date, parts: parts.join('; ') });
};

/* How large: the lowest and highest end over the theories of the paired 5-95 difference, and of A; null where a theory has no worlds. */
CC.say.span = (cells, at) => {
  if (!cells.length || cells.some(cell => !cell.b)) return null;
  const over = (pick, end) => Math[end](...cells.map(pick));
  return {
    difference: [over(cell => cell.d[0][at], 'min'), over(cell => cell.d[4][at], 'max')],
    a: [over(cell => cell.a[0][at], 'min'), over(cell => cell.a[4][at], 'max')],
  };
};
CC.say.size = (measure, cells, at) => {
  const span = CC.say.span(cells, at);
  return span ? CC.t('answer.size', { difference: CC.signedRange(measure, ...span.difference), a: CC.range(measure, ...span.a), unit: CC.unitName(measure) }) : '';
};

/* In how many of 100 worlds; a share that is not all never reads 100, one that is not none never reads 0. */
CC.say.hundred = share => {
  if (share == null) return '?';
  const count = Math.round(share * 100);
  if (count === 100 && share < 1) return '>99';
  if (count === 0 && share > 0) return '<1';
  return CC.number(count);
};

CC.say.cell = ({ theory, measure, date, a, b, difference, better, worse, same, sense, failed }) =>
  CC.t(same ? 'cell.same' : 'cell.' + CC.say.better(sense), { theory, measure, date, a, b, difference, n: better, other: worse }) +
  (failed ? ' ' + CC.t('failed', { n: failed }) : '');

CC.say.badge = (worlds, failed, settled) => {
  const text = CC.t(settled ? 'badge.settled' : 'badge.moving', { n: CC.number(worlds) });
  return failed ? `${text}; ${CC.t('failed', { n: failed })}` : text;
};
