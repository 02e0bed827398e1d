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

/* As it is read: 0.5 where somebody wrote .5, and an arrow. The case's own text stays as it is. */
CC.shown = text => CC.safe(text.replace(/(^|[^\w.])\.(?=\d)/g, (dot, before) => before + '0.').replaceAll(' -> ', ' → '));

/* A text in the page's language, or the case's own, marked as English; what has no letter is the same everywhere. */
CC.textMarkup = (key, own) => {
  const found = CC.text(key);
  if (found !== undefined) return CC.shown(found);
  return CC.language === 'en' || !/\p{L}/u.test(own) ? CC.shown(own) : `<span lang="en">${CC.shown(own)}</span>`;
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
  if (text !== undefined) return CC.shown(text);
  return CC.language === 'en' || !/\p{L}/u.test(own) ? CC.shown(own) : `<span lang="en">${CC.shown(own)}</span>`;
};

/* The part of a message's key that stands for a phrase of the laboratory or the name of an institution. */
CC.slug = text => text.toLowerCase().replace(/[^a-z]+/g, '_').replace(/_$/, '');

/* Institutions by their official names in the page's language, where we have them. */
CC.institutions = text => text.split('; ').map(name => CC.textMarkup('publisher.' + CC.slug(name), name)).join('; ');

/* Addresses in a text as links to other sites; nothing but http, https and DOIs becomes one. */
CC.linked = text => text.split(/(https?:\/\/[^\s;,<>"']+|doi:10\.\d+\/[^\s;,<>"']+)/).map((part, place) => {
  if (place % 2 === 0) return CC.safe(part);
  const address = part.startsWith('doi:') ? 'https://doi.org/' + part.slice(4) : part;
  return `<a class="outside" href="${CC.safe(address)}" target="_blank" rel="noopener noreferrer">${CC.safe(part)}<span class="unseen" lang="${CC.language}"> (${CC.safeT('outside')})</span></a>`;
}).join('');

/* ---- records of evidence ---- */
const RECORD_FIELDS = { mechanism: 'finding', setting: 'setting', estimate: 'estimate', unit: 'unit', interval: 'interval', method: 'method', note: 'note' };

/* Sentences of a record from a function that writes each field. */
function recordWords(row, field) {
  const unit = !row.unit ? '' : /\p{L}/u.test(row.estimate) ? ` [${field('unit')}]` : ' ' + field('unit');
  const estimate = row.estimate ? `: ${field('estimate')}${unit}` : '', interval = row.interval ? ` (${field('interval')})` : '';
  const where = ['setting', 'method'].filter(name => row[name]).map(field).join(' · ');
  return [field('mechanism') + estimate + interval, where, row.note ? field('note') : ''];
}

/* A record that names another by its id: by its citation, under which it is found. */
const otherRecords = (row, markup) => (row.named || []).reduce((text, [id, citation]) => text.replaceAll(id, () => `<span lang="en">${CC.safe(CC.quoted(citation))}</span>`), markup);

/* The translation of a record is ours: its English original can be opened beside it. */
function original(row) {
  if (CC.language === 'en' || !Object.keys(RECORD_FIELDS).some(field => CC.text(`evidence.${row.id}.${field}`))) return '';
  const words = recordWords(row, field => otherRecords(row, CC.shown(row[RECORD_FIELDS[field]]))).filter(Boolean);
  return `<details class="original"><summary>${CC.safeT('original')}</summary><p lang="en">${words.join('<br>')}</p></details>`;
}

CC.originMarkup = origin => CC.safeT('origin', { name: '\u0000' }).replace('\u0000', `<span lang="en">${CC.safe(origin)}</span>`);

/* The sign of an effect says neither which side it speaks for nor whether it is good. */
const NO_EFFECT = 'no clear effect';
const effectOf = row => (row.effect === NO_EFFECT ? CC.safeT('effect.no_clear_effect') : CC.safeT('record.effect', { effect: CC.t('effect.' + row.effect) }));

CC.record = row => {
  const [finding, where, note] = recordWords(row, field => otherRecords(row, CC.textMarkup(`evidence.${row.id}.${field}`, row[RECORD_FIELDS[field]])));
  return `<article class="record"><p>${finding}</p>${where ? `<p class="mute">${where}</p>` : ''}${note ? `<p class="small">${note}</p>` : ''}<p class="cite">${otherRecords(row, CC.citationMarkup(row.citation))}${row.locator ? `, <span lang="en">${CC.linked(row.locator)}</span>` : ''}</p><p class="mute">${row.effect ? effectOf(row) + ' · ' : ''}${CC.safeT('verified.' + row.verified)} · ${CC.originMarkup(row.origin)}</p>${original(row)}</article>`;
};

/* A citation is as its publisher wrote it, but for institutions that have an official name in the page's language. */
CC.citationMarkup = text => (text.split('; ').some(name => CC.text('publisher.' + CC.slug(name))) ? CC.institutions(text) : `<span lang="en">${CC.linked(text)}</span>`);

/* Everything that a search looks through: a row's own words and their translation, without accents. */
const plainText = text => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
CC.searched = find => {
  const wanted = plainText(find);
  return row => !wanted || plainText([...Object.values(row), ...translated(row)].join(' ')).includes(wanted);
};
const translated = row => (row.label ? [CC.text('parameter.' + row.id)] : Object.keys(RECORD_FIELDS).map(field => CC.text(`evidence.${row.id}.${field}`))).filter(Boolean);
