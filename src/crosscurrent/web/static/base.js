'use strict';
/* The page's parts share one name. Each file adds its own; main.js starts them. */
const CC = {};

CC.one = (selector, inside = document) => inside.querySelector(selector);
CC.all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
CC.small = () => matchMedia('(max-width:1120px)').matches;

/* Everything that is written into markup goes through here. */
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
CC.safe = text => String(text).replace(/[&<>"']/g, sign => ENTITIES[sign]);

/* What went wrong, for the reader; a fault of ours is also told to the console. What a reader meets is said in the
   page's language; what only a mistake in the page or the case brings is told in the program's own words. */
const SAID = { 401: 'error.token', 403: 'error.elsewhere', 408: 'error.slow', 409: 'error.later', 429: 'error.busy', 503: 'error.closing' };
CC.problem = error => {
  if (error instanceof CC.Refused && error.status) return SAID[error.status] ? CC.t(SAID[error.status]) : CC.t('error.refused', { said: error.message });
  if (error instanceof CC.Refused) return error.message;
  if (!(error instanceof TypeError && /fetch|load failed/i.test(error.message))) console.error(error);
  return CC.t('error.lost');
};

/* ---- messages: whole sentences with named slots ---- */
CC.words = {};
CC.language = 'en';
CC.locale = () => (CC.language === 'es' ? 'es-MX' : 'en-US');

const pluralRules = {};
CC.t = (key, slots = {}) => {
  let text = CC.words[key];
  if (text === undefined) {
    console.error('no message: ' + key);
    return key;
  }
  if (typeof text === 'object') {
    const rules = (pluralRules[CC.language] ||= new Intl.PluralRules(CC.locale()));
    text = text[rules.select(slots.n) === 'one' ? 'one' : 'other'];
  }
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in slots ? slots[name] : whole));
};
CC.safeT = (key, slots) => CC.safe(CC.t(key, slots));

/* A name of the case: its own label in English, the catalogue's elsewhere where there is one (see texts.js). */
CC.label = (kind, id, own) => CC.text(`${kind}.${id}`) ?? own;
/* What has no translation says in which language it is. */
CC.labelMarkup = (kind, id, own) => CC.textMarkup(`${kind}.${id}`, own);
CC.quoted = name => CC.t('quoted', { name });
CC.list = names => new Intl.ListFormat(CC.locale(), { type: 'conjunction' }).format(names);

/* ---- numbers ---- */
const formats = {};
CC.number = (value, digits = 0) =>
  (formats[CC.locale() + digits] ||= new Intl.NumberFormat(CC.locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits })).format(value);
const trimmed = (value, digits) =>
  (formats[CC.locale() + 'to' + digits] ||= new Intl.NumberFormat(CC.locale(), { maximumFractionDigits: digits })).format(value);

/* A step of 1, 2 or 5 times a power of ten, about a twentieth of an interval: no digit finer than the interval allows. */
CC.step = width => {
  const rough = Math.abs(width) / 20;
  if (!(rough > 0) || !isFinite(rough)) return 0;
  const power = 10 ** Math.floor(Math.log10(rough));
  return (rough / power >= 5 ? 5 : rough / power >= 2 ? 2 : 1) * power;
};
const decimals = step => (step > 0 && step < 1 ? Math.min(4, Math.ceil(-Math.log10(step) - 1e-9)) : 0);
CC.rounded = (value, step) => trimmed(step ? Math.round(value / step) * step + 0 : value, decimals(step));
CC.signed = (value, step) => {
  const shown = step ? Math.round(value / step) * step : value;
  const text = trimmed(Math.abs(shown), decimals(step));
  return (shown > 0 ? '+' : shown < 0 ? '−' : '±') + text;
};

/* A value on an axis, as exact as it is. */
CC.tick = (value, withSign) => {
  const key = CC.locale() + 'tick', text = (formats[key] ||= new Intl.NumberFormat(CC.locale(), { maximumFractionDigits: 3 })).format(Math.abs(value));
  return (value < 0 ? '−' : withSign && value > 0 ? '+' : '') + text;
};

/* Shares are shown on a scale of 0-100; all else in its own unit. */
CC.factor = measure => (CC.measure(measure).unit === '1' ? 100 : 1);
CC.range = (measure, low, high) => {
  const factor = CC.factor(measure), step = CC.step((high - low) * factor) || CC.step(high * factor);
  return CC.t('range', { low: CC.rounded(low * factor, step), high: CC.rounded(high * factor, step) });
};
CC.signedRange = (measure, low, high) => {
  const factor = CC.factor(measure), step = CC.step((high - low) * factor);
  return CC.t('range', { low: CC.signed(low * factor, step), high: CC.signed(high * factor, step) });
};
CC.shortRange = (measure, low, high) => {
  const factor = CC.factor(measure), step = CC.step((high - low) * factor);
  return `${CC.signed(low * factor, step)} … ${CC.signed(high * factor, step)}`;
};

/* ---- the case ---- */
CC.case = null;
CC.measure = id => CC.case.byId.measures[id];
CC.policy = id => CC.case.byId.policies[id];
CC.theory = id => CC.case.byId.theories[id];
CC.lever = id => CC.case.byId.levers[id];
CC.takeCase = found => {
  const table = rows => Object.assign(Object.create(null), Object.fromEntries(rows.map(row => [row.id, row]))); // no name but those of the case
  found.byId = { measures: table(found.measures), policies: table(found.policies), theories: table(found.theories), levers: table(found.levers) };
  found.byId.theories[found.blend.id] = found.blend;
  found.names = Object.assign(table([]), found.policy_names); // in a file: also of policies that it does not hold
  CC.case = found;
};
CC.isPolicy = id => Boolean(CC.policy(id) || CC.case.names[id]);
CC.policyName = id => CC.label('policy', id, CC.policy(id) ? CC.policy(id).label : CC.case.names[id] || id);
CC.theoryName = id => id === CC.BLEND ? CC.blend.name() : CC.label('theory', id, CC.theory(id).label);
CC.leverName = id => CC.label('lever', id, CC.lever(id).label);
CC.measureName = id => (CC.words['measure.' + id] ? CC.t('measure.' + id) : CC.measure(id) ? CC.measure(id).label : id.replaceAll('_', ' '));
CC.unitName = id => {
  const measure = CC.measure(id), key = 'unit.' + measure.unit;
  const unit = CC.words[key] ? CC.t(key) : measure.unit;
  return measure.flow ? CC.t('per_year', { unit }) : unit;
};

/* ---- points of the paths ---- */
CC.pointOf = year => Math.min(CC.case.calendar.points - 1, (year - CC.case.calendar.years[0] + 1) * CC.case.calendar.per_year);
CC.dateOf = point => {
  const calendar = CC.case.calendar, months = calendar.month - 1 + (12 / calendar.per_year) * point;
  const day = new Date(Date.UTC(calendar.years[0] - 1 + Math.floor(months / 12), months % 12, 15));
  return new Intl.DateTimeFormat(CC.locale(), { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(day);
};

CC.glyph = (theory, size = 14, title = '') => {
  const mark = CC.theory(theory), name = title ? `role="img" aria-label="${CC.safe(title)}"` : 'aria-hidden="true"';
  return `<svg class="glyph" width="${size}" height="${size}" viewBox="0 0 12 12" ${name}><path d="${mark.glyph}" fill="${mark.colour}"/></svg>`;
};
