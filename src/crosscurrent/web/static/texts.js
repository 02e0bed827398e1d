'use strict';
/* Longer texts of the case in the page's language: parameters, evidence, definitions. The case's own words are English;
   a translation is fetched once, when a drawer or a view that needs it is first opened, never for a comparison. */
const textTables = {}, textsAsked = {};

CC.texts = async () => {
  const language = CC.language;
  if (language === 'en' || textTables[language]) return;
  textsAsked[language] ||= CC.source.texts(language);
  try {
    textTables[language] = await textsAsked[language];
  } catch (error) {
    delete textsAsked[language];
    throw error;
  }
};

/* The text of a key in the page's language, or undefined where there is none; in English everything is in its own words. */
CC.text = key => {
  if (CC.language === 'en') return undefined;
  const found = CC.words[key] ?? (textTables[CC.language] || {})[key];
  return typeof found === 'string' ? found : undefined;
};

/* A text in the page's language, or the case's own, marked as English; what has no letter is the same everywhere. */
CC.textMarkup = (key, own) => {
  const found = CC.text(key);
  if (found !== undefined) return CC.safe(found);
  return CC.language === 'en' || !/\p{L}/u.test(own) ? CC.safe(own) : `<span lang="en">${CC.safe(own)}</span>`;
};

/* ---- lines that the laboratory writes in English: a message and what fills its slots ---- */
const NAMED_SLOTS = ['policy', 'theory', 'axis', 'parameter', 'lever', 'measure', 'product', 'corridor', 'owner', 'basis'];
const PLAIN_SLOTS = ['week', 'weeks', 'year'];

function slotText(name, value, slots) {
  if (Array.isArray(value)) return Array.isArray(value[0]) ? value.map(CC.said).join(', ') : CC.said(value);
  if (name === 'rival') return CC.text(`rival.${slots.axis}.${value}`);
  if (name === 'driver') return CC.text('driver.' + value) ?? CC.text('lever.' + value);
  if (NAMED_SLOTS.includes(name)) return CC.text(`${name}.${value}`);
  return PLAIN_SLOTS.includes(name) || value === '' || !isFinite(value) ? value : new Intl.NumberFormat(CC.locale(), { maximumSignificantDigits: 6 }).format(value);
}

/* The line in the page's language, or undefined where any part of it has no translation. */
CC.said = said => {
  if (!said) return undefined;
  const [key, slots] = said, text = CC.text(key), filled = {};
  if (text === undefined) return undefined;
  for (const [name, value] of Object.entries(slots)) {
    filled[name] = slotText(name, value, slots);
    if (filled[name] === undefined) return undefined;
  }
  return text.replace(/\{(\w+)\}/g, (whole, name) => filled[name] ?? whole);
};

CC.saidMarkup = (said, own) => {
  const text = CC.said(said);
  if (text !== undefined) return CC.safe(text);
  return CC.language === 'en' || !/\p{L}/u.test(own) ? CC.safe(own) : `<span lang="en">${CC.safe(own)}</span>`;
};

/* ---- records of evidence ---- */
const RECORD_FIELDS = { mechanism: 'finding', setting: 'setting', estimate: 'estimate', unit: 'unit', interval: 'interval', method: 'method', note: 'note' };
const DIRECTIONS = { '+': 'for', '-': 'against', 0: 'null', mixed: 'mixed' };

/* Sentences of a record from a function that writes each field. */
function recordWords(row, field) {
  const unit = !row.unit ? '' : /\p{L}/u.test(row.estimate) ? ` [${field('unit')}]` : ' ' + field('unit');
  const estimate = row.estimate ? `: ${field('estimate')}${unit}` : '', interval = row.interval ? ` (${field('interval')})` : '';
  const where = ['setting', 'method'].filter(name => row[name]).map(field).join(' · ');
  return [field('mechanism') + estimate + interval, where, row.note ? field('note') : ''];
}

/* The translation of a record is ours: its English original can be opened beside it. */
function original(row) {
  if (CC.language === 'en' || !Object.keys(RECORD_FIELDS).some(field => CC.text(`evidence.${row.id}.${field}`))) return '';
  const words = recordWords(row, field => CC.safe(row[RECORD_FIELDS[field]])).filter(Boolean);
  return `<details class="original"><summary>${CC.safeT('original')}</summary><p lang="en">${words.join('<br>')}</p></details>`;
}

CC.originMarkup = origin => CC.safeT('origin', { name: '\u0000' }).replace('\u0000', `<span lang="en">${CC.safe(origin)}</span>`);

CC.record = row => {
  const [finding, where, note] = recordWords(row, field => CC.textMarkup(`evidence.${row.id}.${field}`, row[RECORD_FIELDS[field]]));
  const direction = DIRECTIONS[row.direction] ? CC.safeT('direction.' + DIRECTIONS[row.direction]) + ' · ' : '';
  return `<article class="record"><p><b class="direction">${CC.safe(row.direction === 'mixed' ? '±' : row.direction || '·')}</b> ${finding}</p>${where ? `<p class="mute">${where}</p>` : ''}${note ? `<p class="small">${note}</p>` : ''}<p class="cite"><span lang="en">${CC.safe(row.citation)}${row.locator ? `, ${CC.safe(row.locator)}` : ''}</span></p><p class="mute">${direction}${CC.safeT('verified.' + row.verified)} · ${CC.originMarkup(row.origin)}</p>${original(row)}</article>`;
};

/* Everything that a search looks through: a row's own words and their translation, without accents. */
const plainText = text => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
CC.searched = find => {
  const wanted = plainText(find);
  return row => !wanted || plainText([...Object.values(row), ...translated(row)].join(' ')).includes(wanted);
};
const translated = row => (row.label ? [CC.text('parameter.' + row.id)] : Object.keys(RECORD_FIELDS).map(field => CC.text(`evidence.${row.id}.${field}`))).filter(Boolean);
