'use strict';
/* The whole state of the page is in its address: the same address gives the same numbers. */
CC.VIEWS = ['compare', 'flips', 'claims', 'record', 'sources'];
CC.state = {
  view: 'compare', lang: 'en', a: 'status-quo', b: 'coordinated-strikes', over: {}, blend: null, year: 0, mode: 'levels', middle: false, table: false,
  m: '', rows: [], objective: '', theory: '', point: null, filter: 'all', grade: 'all', find: '', extra: {}, other: null, unknown: [],
};

CC.defaults = () => {
  const S = CC.state, found = CC.case;
  S.rows = [...found.rows];
  S.m = S.rows[0];
  S.year = found.calendar.years.at(-1);
  S.lang = (navigator.language || 'en').startsWith('es') ? 'es' : 'en';
  if (!CC.policy(S.a)) S.a = found.policies[0].id;
  if (!CC.policy(S.b)) S.b = found.policies[Math.min(1, found.policies.length - 1)].id;
};

CC.leversOf = policy => CC.policy(policy).levers;
CC.leversB = () => ({ ...CC.leversOf(CC.state.b), ...CC.state.over });
/* Whether parameters come from a posterior instead of the priors. */
CC.fitted = () => CC.case.beliefs !== 'prior';
CC.edited = () => Object.keys(CC.state.over).length > 0;
CC.nameB = () => CC.policyName(CC.state.b) + (CC.edited() ? CC.t('edited') : '');

/* A lever set back to what the policy has is no change. */
CC.setLever = (id, value) => {
  if (value === CC.leversOf(CC.state.b)[id]) delete CC.state.over[id];
  else CC.state.over[id] = value;
};

CC.address = () => {
  const S = CC.state, found = CC.case, query = new URLSearchParams();
  query.set('case', `${found.case}@${found.digest.slice(0, 8)}`);
  query.set('a', S.a);
  query.set('b', S.b);
  for (const id of Object.keys(S.over).sort()) query.set('b.' + id, S.over[id]);
  query.set('d', found.calendar.decision);
  query.set('years', found.calendar.years.length);
  query.set('y', S.year);
  if (S.rows.join() !== found.rows.join()) query.set('rows', S.rows.join(','));
  if (S.m !== S.rows[0]) query.set('m', S.m);
  if (S.mode !== 'levels') query.set('mode', S.mode);
  if (S.middle) query.set('middle', 1);
  if (S.table) query.set('table', 1);
  if (S.blend) query.set('blend', S.blend.join(','));
  if (S.filter !== 'all') query.set('show', S.filter);
  if (S.objective) query.set('objective', S.objective);
  if (S.theory) query.set('theory', S.theory);
  query.set('seed', found.seed);
  if (CC.fitted()) query.set('beliefs', found.beliefs);
  query.set('lang', S.lang);
  for (const [key, value] of Object.entries(S.extra)) query.set(key, value);
  return `#/${S.view}?${query}`;
};

/* Values of an address; what is unknown is kept, named, and changes nothing. */
CC.readAddress = () => {
  const S = CC.state, found = CC.case, [view, text] = location.hash.slice(2).split('?');
  const query = new URLSearchParams(text || ''), own = new Set(['case', 'd', 'years', 'seed', 'beliefs']);
  const take = (key, use) => { own.add(key); if (query.has(key)) use(query.get(key)); };
  if (CC.VIEWS.includes(view)) S.view = view;
  S.unknown = [];
  const choose = (field, value, known, given) => { if (known) S[field] = value; else S.unknown.push({ field, given, instead: S[field] }); };
  take('a', id => choose('a', id, CC.policy(id), id));
  take('b', id => choose('b', id, CC.policy(id), id));
  take('y', year => choose('year', +year, found.calendar.years.includes(+year), year));
  take('lang', lang => { if (['en', 'es'].includes(lang)) S.lang = lang; });
  take('rows', rows => { const ids = rows.split(',').filter(CC.measure); if (ids.length && ids.length <= 6) S.rows = [...new Set(ids)]; S.m = S.rows[0]; });
  take('m', id => { if (CC.measure(id)) S.m = id; });
  S.mode = query.get('mode') === 'difference' ? 'difference' : 'levels'; own.add('mode');
  S.middle = query.has('middle'); own.add('middle');
  S.table = query.has('table'); own.add('table');
  S.blend = CC.blend.read(query.get('blend')); if (S.blend) own.add('blend');
  S.filter = ['all', 'supporter', 'sceptic', 'neutral', 'split'].includes(query.get('show')) ? query.get('show') : 'all'; own.add('show');
  S.objective = /^[\w.-]{1,80}$/.test(query.get('objective')) ? query.get('objective') : ''; own.add('objective');
  S.theory = query.get('theory') !== CC.BLEND && CC.theory(query.get('theory')) ? query.get('theory') : ''; own.add('theory');
  if (text) S.over = {};
  S.extra = {};
  for (const [key, value] of query) {
    const lever = key.startsWith('b.') ? CC.lever(key.slice(2)) : null;
    if (lever && value.trim() !== '' && isFinite(+value)) CC.setLever(lever.id, Math.max(lever.low, Math.min(lever.high, +value)));
    else if (!own.has(key)) S.extra[key] = value;
  }
  S.other = otherNumbers(query);
};

/* What the address asks for and this page lacks: said as long as what was there before stands in its place. */
CC.unknown = () => {
  const S = CC.state, standing = S.unknown.filter(({ field, instead }) => S[field] === instead);
  const lacking = standing.map(({ field, given }) => (field === 'year' ? CC.t('address.year', { year: given.slice(0, 60) }) : CC.t('address.policy', { id: given.slice(0, 60) })));
  return lacking.length ? CC.t('address.unknown', { what: CC.list(lacking) }) : '';
};

/* An address made with another case, decision, horizon, seed or beliefs stands for other numbers than ours. */
function otherNumbers(query) {
  const found = CC.case, differing = [];
  const given = query.get('case');
  if (given && given !== `${found.case}@${found.digest.slice(0, 8)}`) differing.push('case');
  if (query.has('seed') && query.get('seed') !== String(found.seed)) differing.push('seed');
  if (query.has('d') && query.get('d') !== found.calendar.decision) differing.push('decision');
  if (query.has('years') && query.get('years') !== String(found.calendar.years.length)) differing.push('years');
  if (given && (query.get('beliefs') || 'prior') !== found.beliefs) differing.push('beliefs');
  return differing.length ? differing : null;
}
