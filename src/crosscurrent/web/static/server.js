'use strict';
/* Where answers come from: a server, or what was computed beforehand and lies in the file itself. */
CC.Refused = class extends Error {};

const LiveSource = {
  live: true,
  session: 'p' + crypto.getRandomValues(new Uint32Array(2)).join('-'),
  token: '',

  /* The token comes once, in the address that the server printed, and never into a link that is shared. */
  takeToken() {
    const given = new URLSearchParams(location.search).get('token');
    if (given) {
      sessionStorage.setItem('crosscurrent-token', given);
      history.replaceState(history.state, '', location.pathname + location.hash);
    }
    this.token = sessionStorage.getItem('crosscurrent-token') || '';
  },

  async get(address) { return this.read(await fetch(address, { headers: this.headers(), cache: 'no-store' })); },

  async post(address, question, signal) {
    const body = JSON.stringify(question);
    return this.read(await fetch(address, { method: 'POST', body, signal, headers: { ...this.headers(), 'content-type': 'application/json' } }));
  },

  headers() { return this.token ? { 'x-crosscurrent-token': this.token } : {}; },

  async read(response) {
    const text = await response.text();
    let found;
    try { found = JSON.parse(text); } catch { throw Object.assign(new CC.Refused(response.statusText), { status: response.ok ? 502 : response.status }); } // not our server
    if (!response.ok) throw Object.assign(new CC.Refused(found.error || response.statusText), { status: response.status });
    return found;
  },

  async start() {
    this.takeToken();
    return this.get('api/case');
  },
  words(language) { return this.get('api/words/' + language); },
  texts(language) { return this.get(`api/words/${language}/sources`); },
  compare(question, signal) { return this.post('api/compare', { ...question, session: this.session }, signal); },
  row(question) { return this.post('api/compare', { ...question, session: this.session + '-row' }); },
  table(question, signal) { return this.post('api/table', question, signal); },
  switches(question) { return this.post('api/switches', question); },
  flips(question, signal) { return this.post('api/flips', { ...question, session: this.session }, signal); },
  pathwayNames() { return this.get('api/pathways'); },
  pathways(question) { return this.post('api/pathways', question); },
  explain(name) { return this.get('api/explain/' + encodeURIComponent(name)); },
  sources() { return this.get('api/sources'); },
  record() { return this.get('api/record'); },
  score() { return this.get('api/score'); },
  claims() { return this.get('api/claims'); },
};

/* One file: every answer was computed with real worlds. A lever snaps to its computed stops; nothing is interpolated. */
const FileSource = {
  live: false,
  data: null,

  async start() {
    const packed = Uint8Array.from(atob(CC.one('#data').textContent.trim()), sign => sign.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    this.data = JSON.parse(await new Response(stream).text());
    return this.data.case;
  },
  async words(language) { return this.data.words[language]; },
  async texts(language) { return this.data.texts[language]; },

  /* Key of a computed answer: the policy, and the one lever that is moved. */
  key(question) { return [question.b, ...Object.keys(question.levers).sort().map(id => `${id}=${question.levers[id]}`)].join(' '); },

  async compare(question) {
    const stored = key => (question.a === this.data.reference ? this.data.answers[key] : null);
    const whole = answer => answer && question.measures.every(measure => answer.cells[measure]);
    const asked = stored(this.key(question)), unchanged = !whole(asked); // then the policy as it is, and it is said to be so
    const found = unchanged ? stored(question.b) : asked;
    if (!whole(found) || (unchanged && !Object.keys(question.levers).length)) throw new CC.Refused(CC.t('file.not_computed'));
    const cells = {};
    for (const measure of question.measures) {
      cells[measure] = Object.fromEntries(Object.entries(found.cells[measure]).map(([theory, cell]) => [theory, { a: this.data.levels[measure][theory], ...cell }]));
    }
    if (!question.blend) return { ...found, cells, unchanged };
    for (const measure of question.measures) cells[measure][CC.BLEND] = CC.blend.fromStored(cells[measure], question.blend);
    return { ...found, cells, unchanged, blend: { weights: question.blend, failed: CC.blend.failed(found.failed, question.blend) } };
  },

  async table(question) {
    if (question.a !== this.data.reference) throw new CC.Refused(CC.t('file.not_computed'));
    const rows = {};
    for (const policy of CC.case.policies) {
      const found = policy.id !== question.a && this.data.answers[policy.id];
      if (!found || !found.cells[question.measure]) continue;
      rows[policy.id] = Object.fromEntries(Object.entries(found.cells[question.measure]).map(([theory, cell]) => [theory, atPoint(cell, question.point)]));
    }
    if (!Object.keys(rows).length) throw new CC.Refused(CC.t('file.not_computed'));
    const stop = Object.keys(question.levers).length && this.data.answers[this.key(question)], moved = stop && stop.cells[question.measure];
    const edited = moved ? Object.fromEntries(Object.entries(moved).map(([theory, cell]) => [theory, atPoint(cell, question.point)])) : null;
    return { worlds: this.data.worlds, measure: question.measure, point: question.point, rows, edited };
  },

  async switches(question) { return (this.data.switches || {})[question.b] || { levers: {} }; },
  async flips(question) { return this.data.flips[`${question.a} ${this.key(question)} ${question.measure}`] || { computed: false }; },
  async pathwayNames() { return this.data.pathways.names; },
  async pathways(question) { return this.data.pathways.maps[question.theory][question.objective]; },
  async explain(name) {
    if (!this.data.explain[name]) throw new CC.Refused(CC.t('file.not_explained'));
    const found = this.data.explain[name], records = (this.records ||= Object.fromEntries(this.data.sources.records.map(row => [row.id, row])));
    return { ...found, evidence: found.evidence.map(id => records[id]) };
  },
  async sources() { return this.data.sources; },
  async record() { return this.data.record; },
  async score() { return this.data.score; },
  async claims() { return this.data.claims; },

  /* Values at which a lever was computed, its policy's own among them. */
  stops(lever) { return CC.state.b === this.data.stops_of ? this.data.stops[lever] || null : null; },
};

function atPoint(cell, point) {
  if (!cell.d) return { worlds: 0 };
  return { worlds: cell.worlds, d: cell.d.map(level => level[point]), better: cell.better[point], worse: cell.worse[point], error: cell.error[point], clear: cell.clear[point] };
}

CC.source = CC.one('#data') ? FileSource : LiveSource;
