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

/* Ends of a range over intervals, each rounded as its own interval is printed: whoever looks for an end finds it there. */
CC.say.ends = (measure, intervals, write) => {
  const factor = CC.factor(measure);
  const ends = intervals.map(pair => {
    const [low, high] = pair.map(value => value * factor), step = CC.step(high - low) || (write === CC.rounded ? CC.step(high) : 0);
    return [low, high].map(value => ({ value: step ? Math.round(value / step) * step : value, text: write(value, step) }));
  });
  const outer = (end, sign) => ends.map(pair => pair[end]).reduce((found, one) => (sign * one.value > sign * found.value ? one : found)).text;
  return { low: outer(0, -1), high: outer(1, 1) };
};

/* How large: the lowest and highest end over the theories of the paired 5-95 difference, and of A; nothing where a theory has no worlds. */
CC.say.size = (measure, cells, at) => {
  if (!cells.length || cells.some(cell => !cell.b)) return '';
  const over = (key, write) => CC.t('range', CC.say.ends(measure, cells.map(cell => [cell[key][0][at], cell[key][4][at]]), write));
  return CC.t('answer.size', { difference: over('d', CC.signed), a: over('a', CC.rounded), unit: CC.unitName(measure) });
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
