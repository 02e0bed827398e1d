'use strict';
/* Levers of B. The mark on each track is policy A; groups are opened alike on both sides of the debate. */
CC.levers = {};

const UNIT_KEYS = { 'strikes/month': 'strikes', weeks: 'weeks', 'billion USD': 'billion', 'billion USD/year': 'billion_year', 'x status quo': 'times', 1: 'share' };

CC.levers.text = (lever, value) => {
  if (lever.choices) return CC.t(`choice.${lever.id}.${value}`);
  if (lever.id.startsWith('campaign_end') && value === 0) return CC.t('lever.no_rule');
  const key = UNIT_KEYS[lever.unit] || 'other', digits = lever.unit === 'weeks' || key === 'share' || key === 'billion' ? 0 : 1;
  return CC.t('lever_unit.' + key, { value: CC.number(key === 'share' ? value * 100 : value, digits), unit: lever.unit });
};

function choiceMarkup(lever) {
  const buttons = lever.choices.map(value => `<button data-choice="${lever.id}" data-value="${value}">${CC.safeT(`choice.${lever.id}.${value}`)}</button>`).join('');
  return `<div class="choice" data-lever="${lever.id}"><div class="row"><span class="name" id="n-${lever.id}">${CC.safe(CC.leverName(lever.id))}</span>${sourceButton(lever)}</div><div class="seg" role="group" aria-labelledby="n-${lever.id}">${buttons}</div></div>`;
}

const sourceButton = lever => `<button class="source" data-explain="${lever.explained_as}" aria-label="${CC.safeT('source_of', { name: CC.leverName(lever.id) })}"><i class="info" aria-hidden="true">i</i></button>`;

function sliderMarkup(lever) {
  return `<div class="lever" data-lever="${lever.id}"><div class="row"><label for="l-${lever.id}">${CC.safe(CC.leverName(lever.id))}<output for="l-${lever.id}"></output></label>${sourceButton(lever)}</div><div class="track"><span class="mark"></span><input type="range" id="l-${lever.id}" min="${lever.low}" max="${lever.high}" step="any"></div><p class="beyond" hidden>${CC.safeT('lever.beyond')}</p>${STRIKES.includes(lever.id) ? `<p class="beyond" id="held-${lever.id}" hidden>${CC.safe(heldText())}</p>` : ''}</div>`;
}

/* Strikes fly with consent or as what follows without it. Where neither can be, and no rule of the policy changes that, ordering them does nothing. */
const STRIKES = ['leadership_strikes', 'logistics_strikes'], GATES = ['consent_sought', 'fallback'];
CC.levers.held = (id, levers, rules) => STRIKES.includes(id) && levers[id] > 0 && GATES.every(gate => levers[gate] === 0) && !(rules || []).some(rule => GATES.some(gate => gate in (rule.then || {})));
const heldText = () => (GATES.every(CC.lever) ? CC.t('levers.no_strikes', { consent: CC.leverName('consent_sought'), not_asked: CC.t('choice.consent_sought.0'), fallback: CC.leverName('fallback'), none: CC.t('choice.fallback.0') }) : '');

CC.levers.build = () => {
  const open = Object.fromEntries(CC.all('#groups details').map(group => [group.dataset.group, group.open]));
  const groups = [...new Set(CC.case.levers.map(lever => lever.group))];
  CC.one('#groups').innerHTML = groups.map(group => {
    const levers = CC.case.levers.filter(lever => lever.group === group);
    const name = CC.words['group.' + group] ? CC.t('group.' + group) : group;
    return `<details data-group="${group}"><summary>${CC.safe(name)}<em></em></summary>${levers.map(lever => (lever.choices ? choiceMarkup(lever) : sliderMarkup(lever))).join('')}</details>`;
  }).join('');
  for (const group of CC.all('#groups details')) {
    group.open = open[group.dataset.group] ?? CC.case.open_groups.includes(group.dataset.group);
  }
  CC.levers.show();
};

/* Positions, values, marks of A and counts of changes. */
CC.levers.show = () => {
  const a = CC.leversOf(CC.state.a), b = CC.leversB(), changes = {};
  for (const lever of CC.case.levers) {
    const element = CC.one(`[data-lever="${lever.id}"]`), changed = a[lever.id] !== b[lever.id];
    element.classList.toggle('changed', changed);
    if (changed) changes[lever.group] = (changes[lever.group] || 0) + 1;
    if (lever.choices) {
      for (const button of CC.all('[data-choice]', element)) button.setAttribute('aria-pressed', +button.dataset.value === b[lever.id]);
      continue;
    }
    showSlider(lever, element, a[lever.id], b[lever.id]);
  }
  for (const group of CC.all('#groups details')) {
    const count = changes[group.dataset.group];
    CC.one('em', group).textContent = count ? CC.t('levers.in_group', { n: count }) : '';
  }
  const total = Object.values(changes).reduce((sum, count) => sum + count, 0);
  const text = total ? CC.t('levers.changed', { n: total }) : CC.t('levers.same');
  CC.one('#changed').textContent = text;
  CC.one('#sheet-open').textContent = CC.t('levers.open', { changes: text });
  CC.one('#reset').hidden = !CC.edited();
  CC.levers.selects();
};

function showSlider(lever, element, a, b) {
  const input = CC.one('input', element), share = value => (value - lever.low) / (lever.high - lever.low);
  if (+input.value !== b) input.value = b;
  input.style.setProperty('--filled', share(b) * 100 + '%');
  CC.one('.track', element).style.setProperty('--mark', share(a));
  const text = CC.levers.text(lever, b);
  input.setAttribute('aria-valuetext', text);
  CC.one('output', element).textContent = text;
  CC.one('.beyond', element).hidden = !(lever.known_up_to != null && b > lever.known_up_to);
  const held = CC.one('#held-' + lever.id, element);
  if (!held) return;
  held.hidden = !CC.levers.held(lever.id, CC.leversB(), CC.policy(CC.state.b).rules);
  input.toggleAttribute('aria-describedby', !held.hidden);
  if (!held.hidden) input.setAttribute('aria-describedby', held.id);
}

/* The question's lists; written anew only when they change, so that an open list stays open. */
let listed = '';
CC.levers.selects = () => {
  const S = CC.state, state = [S.a, S.b, CC.edited(), S.year, CC.language].join();
  if (state === listed) return;
  listed = state;
  const options = (chosen, name) => CC.case.policies.map(({ id }) => `<option value="${id}" ${id === chosen ? 'selected' : ''}>${CC.safe(id === chosen ? name : CC.policyName(id))}</option>`).join('');
  const a = CC.source.live ? null : CC.source.data.reference;
  CC.one('#b').innerHTML = options(S.b, CC.nameB());
  CC.one('#a').innerHTML = a ? [...new Set([S.a, a])].map(id => `<option value="${id}">${CC.safe(CC.policyName(id))}</option>`).join('') : options(S.a, CC.policyName(S.a));
  CC.one('#year').innerHTML = CC.case.calendar.years.map(year => `<option ${year === S.year ? 'selected' : ''}>${year}</option>`).join('');
  for (const [which, name] of [['b', CC.policyName(S.b)], ['a', CC.policyName(S.a)]]) {
    const about = CC.one('#about-' + which);
    about.dataset.explain = S[which];
    about.setAttribute('aria-label', CC.t('question.about', { letter: which.toUpperCase(), name }));
  }
  CC.compare.names();
  CC.fitLists();
};

/* A value on the lever's own steps; in one file, the nearest of the values that were computed. */
CC.levers.snap = (lever, value) => {
  const stops = CC.source.live ? null : CC.source.stops(lever.id);
  if (stops) return stops.reduce((best, stop) => (Math.abs(stop - value) < Math.abs(best - value) ? stop : best));
  const own = CC.leversOf(CC.state.b)[lever.id], usual = CC.leversOf(CC.state.a)[lever.id];
  const stepped = Math.max(lever.low, Math.min(lever.high, +(Math.round(value / lever.step) * lever.step).toFixed(6)));
  return [own, usual].find(exact => Math.abs(exact - value) < lever.step / 2 && Math.abs(exact - value) < Math.abs(stepped - value)) ?? stepped;
};

let waiting = false;
CC.levers.moved = input => {
  const lever = CC.lever(input.id.slice(2));
  CC.levers.set(lever.id, CC.levers.snap(lever, +input.value));
};

/* In one file only one lever is moved at a time: pairs were not computed. */
CC.levers.set = (id, value) => {
  if (!CC.source.live) CC.state.over = {};
  CC.setLever(id, value);
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    CC.levers.show();
    CC.asking.moved();
  });
};

/* Arrow keys go by the lever's own steps, although the track has none (a policy may stand between two steps). */
CC.levers.key = event => {
  const lever = CC.lever(event.target.id.slice(2)), big = { PageUp: 5, PageDown: -5 }[event.key];
  const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key] ?? big;
  const edge = { Home: lever.low, End: lever.high }[event.key];
  if (steps === undefined && edge === undefined) return;
  event.preventDefault();
  const now = CC.leversB()[lever.id], stops = CC.source.live ? null : CC.source.stops(lever.id);
  let value = edge ?? Math.max(lever.low, Math.min(lever.high, +((Math.round(now / lever.step) + steps) * lever.step).toFixed(6)));
  if (stops) value = stops[Math.max(0, Math.min(stops.length - 1, edge === undefined ? stops.indexOf(CC.levers.snap(lever, now)) + Math.sign(steps) : edge === lever.low ? 0 : stops.length - 1))];
  CC.levers.set(lever.id, value);
};

CC.levers.sheet = open => {
  CC.one('#levers').classList.toggle('open', open);
  document.body.classList.toggle('sheet', open);
  CC.compare.measureAll();
  CC.compare.paint();
  CC.one(open ? '#sheet-close' : '#sheet-open').focus();
  if (open) CC.over.add('sheet', () => CC.levers.sheet(false));
  else CC.over.drop('sheet');
};
