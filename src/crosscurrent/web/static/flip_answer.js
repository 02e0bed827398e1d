'use strict';
/* What was found of a flip, in words: one sentence first, then thresholds, evidence, theories, map; and how to repeat it. */
const hundred = share => CC.say.hundred(share).replace('<', '&lt;').replace('>', '&gt;');
const figure = value => (value == null ? '?' : CC.number(value, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 3).replace('-', '−'));
const assumptionName = row => {
  if (row.kind === 'theory') return CC.safeT('flips.the_theory');
  return `<button class="link" data-explain="${CC.safe(row.name)}">${CC.labelMarkup(row.kind, row.name, row.label)}</button>`;
};
const headingOf = row => (row.kind === 'theory' ? CC.safeT('theory') : assumptionName(row));
/* A message whose slots are markup already. */
const withMarkup = (key, slots) => CC.safeT(key, { n: slots.n }).replace(/\{(\w+)\}/g, (whole, name) => slots[name] ?? whole);

/* ---- the sentence: on what it depends, which policy would be ahead where, and whether evidence says where we are ---- */
CC.flips.sentence = found => {
  const slots = { by_theory: byTheories(found) }, { region } = found;
  if (region) {
    const ahead = region.inside.lead.value >= 0 ? 'B' : 'A', share = (side, policy) => hundred(side[policy === 'B' ? 'ahead_b' : 'ahead_a'].value);
    const other = ahead === 'B' ? 'A' : 'B', { conditions } = region, n = conditions.length, points = CC.list(conditions.map(whereMarkup));
    const count = n === 2 ? CC.safeT('flips.two') : n === 3 ? CC.safeT('flips.three') : CC.number(n), kind = CC.flips.evidence(conditions);
    Object.assign(slots, {
      ahead, other, points, inside: hundred(region.density.value), inside_other: share(region.inside, other), clear: clearly(region.density) ? '' : ' ' + CC.safeT('flips.inside_not_clear'), outside: share(region.outside, other),
      depends: withMarkup(conditions.every(one => sourced(one) === 'dispute') ? 'flips.depends.disputed' : 'flips.depends.assumed', { n, count, points }),
      hold: CC.safeT(n === 1 ? 'flips.hold.one' : n === 2 ? 'flips.hold.both' : 'flips.hold.all'),
      inside_a: share(region.inside, 'A'), inside_b: share(region.inside, 'B'), outside_a: share(region.outside, 'A'), outside_b: share(region.outside, 'B'),
      evidence: CC.safeT('flips.evidence.' + (kind === 'dispute' ? 'open' : kind)),
    });
  }
  if (found.reason === 'one side throughout') {
    slots.behind = behindIn(found);
    if (!slots.behind) return withMarkup('flips.neither_clearly', slots);
  }
  return withMarkup('flips.says.' + found.reason.replaceAll(' ', '_'), slots);
};

/* The policy that the other is clearly ahead of, in the worlds of all theories, each counting alike; none where neither is. */
const behindIn = ({ overall }) => (clearly(overall.ahead_b) ? 'A' : clearly(overall.ahead_a) ? 'B' : '');

/* As everywhere: at least 8 in 10 worlds, less the sampling error. */
const clearly = ({ value, error }) => value - 1.645 * error > CC.case.clear;

function whereMarkup(one) {
  if (one.kind !== 'parameter') {
    const either = new Intl.ListFormat(CC.locale(), { type: 'disjunction' }).format(one.rivals.map(id => CC.safe(CC.quoted(rivalName(one, id)))));
    return withMarkup('flips.where.rivals', { name: assumptionName(one), rivals: either });
  }
  return withMarkup(one.above ? 'flips.where.above' : 'flips.where.below', { name: assumptionName(one), low: figure(one.threshold_low), high: figure(one.threshold_high) });
}

/* Where the sourced values of one condition lie: inside or outside the region, on both sides (open), or in dispute. */
function sourced(one) {
  if (one.kind !== 'parameter' || one.axis) return 'dispute';
  const below = one.sources.high < one.threshold_low, above = one.sources.low > one.threshold_high;
  return below || above ? (above === one.above ? 'inside' : 'outside') : 'open';
}

/* All conditions must hold: one that is settled outside is enough, inside takes them all; some of them are a part. */
CC.flips.evidence = conditions => {
  const each = conditions.map(sourced);
  if (each.includes('inside') && each.some(kind => kind === 'dispute' || kind === 'open') && !each.includes('outside')) return 'partly';
  return ['outside', 'dispute', 'open'].find(kind => each.includes(kind)) || 'inside';
};

/* Shares of the theories are never averaged: their whole range is said. */
function byTheories(found) {
  const shares = Object.values(found.theories).map(row => row.ahead_b.value).filter(share => share != null);
  const low = hundred(Math.min(...shares)), high = hundred(Math.max(...shares));
  return withMarkup(low === high ? 'flips.by_theory_same' : 'flips.by_theory_range', { low, high });
}

const spanOfTotal = found => {
  const [year, month] = found.decision.split('-').map(Number);
  const date = years => new Intl.DateTimeFormat(CC.locale(), { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(Date.UTC(year + years, month - 1, 15)));
  return { from: date(0), to: date(found.years), year: year + found.years };
};

/* What is counted, what ahead means, and in how many worlds. */
CC.flips.counted = found => {
  const measure = CC.measure(found.measure), sense = measure.better, slots = { measure: CC.measureName(found.measure), ...spanOfTotal(found) };
  const parts = [CC.t(measure.flow ? 'flips.total' : 'flips.end', slots), CC.t(sense === 0 ? 'flips.ahead.disputed' : found.ahead === 'lower' ? 'flips.ahead.lower' : 'flips.ahead.higher')];
  parts.push(CC.t(found.from === 'study' ? 'flips.worlds_stored' : 'flips.worlds', { n: CC.number(found.worlds) }));
  const failed = Object.values(found.theories).reduce((sum, row) => sum + row.failed, 0);
  if (failed) parts.push(CC.t('flips.failed', { n: failed }));
  return CC.safe(parts.join(' '));
};

/* ---- the details ---- */
CC.flips.markup = found => `<h2 class="title">${CC.safeT(CC.measure(found.measure).flow ? 'flips.details_total' : 'flips.details_end', spanOfTotal(found))}</h2>${regionMarkup(found)}${shares(found)}${mapMarkup(found.map)}${ranked(found)}<p class="small">${CC.safeT('flips.method', { n: CC.number(found.worlds), seed: found.seed })}</p>`;

/* The conditions, each with its threshold as an interval and what evidence says. */
function regionMarkup(found) {
  if (!found.region || found.state === 'no flip found') return found.reason === 'alike in every world' ? '' : `<p>${CC.safeT('flips.no_guarantee')}</p>`;
  return `<ul>${found.region.conditions.map(one => `<li>${conditionMarkup(one)}</li>`).join('')}</ul>`;
}

function conditionMarkup(one) {
  const name = headingOf(one);
  if (one.kind !== 'parameter') return `${name}: ${one.rivals.map(id => CC.safe(CC.quoted(rivalName(one, id)))).join(', ')}. ${one.question ? CC.textMarkup('definition.' + one.name, one.question) + ' ' : ''}${CC.safeT('flips.no_best')}`;
  const { best, low, high, grade } = one.sources, [from, to] = [one.threshold_low, one.threshold_high], kind = sourced(one);
  const settled = kind === 'dispute' ? CC.safeT('flips.disputed', { axis: CC.label('axis', one.axis, one.axis) }) : CC.safeT(kind === 'open' ? 'flips.unsettled' : 'flips.settled');
  return `${name}: ${CC.safeT(one.above ? 'flips.above' : 'flips.below', { low: figure(from), high: figure(to) })} ${CC.safeT('flips.sourced', { best: figure(best), low: figure(low), high: figure(high), grade: grade ? CC.t('grade.' + grade) : '?', n: one.origins })} <b>${settled}</b>`;
}

function rivalName(one, id) {
  if (one.kind === 'theory') return CC.theory(id) ? CC.theoryName(id) : id;
  return CC.words[`rival.${one.name}.${id}`] ? CC.t(`rival.${one.name}.${id}`) : id;
}

function shares(found) {
  const rows = CC.case.theories.map(({ id }) => [id, found.theories[id]]).filter(([, row]) => row);
  const verdict = row => CC.safeT('flips.verdict.' + row.verdict.replace(' ', '_'));
  return `<h3>${CC.safeT('flips.by_theory')}</h3><div class="bars">${rows.map(([id, row]) => `<div><span class="name">${CC.glyph(id, 12)}${CC.safe(CC.theoryName(id))}</span>${CC.shareBar(row.ahead_b.value, row.ahead_b.error)}<span><b>${hundred(row.ahead_b.value)}</b> / 100, ${verdict(row)}</span></div>`).join('')}</div>`;
}

function ranked(found) {
  const rows = found.ranked.filter(row => row.beyond_noise && row.adds);
  if (!rows.length) return `<h3>${CC.safeT('flips.ranked')}</h3><p>${CC.safeT('flips.none_tells')}</p>`;
  return `<h3>${CC.safeT('flips.ranked')}</h3><p class="small">${CC.safeT('flips.ranked_how')}</p>${rows.map(row => `<div class="flip-row"><span class="name">${headingOf(row)}<span class="mute">${CC.number(100 * row.score, 1)} ± ${CC.number(100 * row.error, 1)} %</span></span></div>`).join('')}`;
}

/* Five classes, never a smooth ramp; theories stand where their middle world lies. */
const CLASS_FILL = { 2: '#a65a00', 1: '#e3bd8d', 0: 'url(#cannot-tell)', '-1': '#8fc1c2', '-2': '#0b6e74' };

function mapMarkup(map) {
  if (!map) return '';
  const left = 70, top = 8, wide = 380, tall = 260, rows = map.classes.length, columns = map.classes[0].length;
  const tiles = map.classes.map((row, up) => row.map((kind, across) => `<rect x="${(left + (across * wide) / columns).toFixed(1)}" y="${(top + tall - ((up + 1) * tall) / rows).toFixed(1)}" width="${(wide / columns + 0.3).toFixed(1)}" height="${(tall / rows + 0.3).toFixed(1)}" fill="${CLASS_FILL[kind]}"/>`).join('')).join('');
  const known = map.theories.filter(([id]) => CC.theory(id)), placed = known.filter(([, x, y]) => x != null && y != null);
  const marks = marksMarkup(CC.flips.marks(placed.map(([id, x, y]) => ({ id, x: left + x * wide, y: top + tall - y * tall })), { left, top, right: left + wide, bottom: top + tall }));
  const ends = axis => (axis.values.length ? [figure(axis.values[0]), figure(axis.values.at(-1))] : ['', '']);
  const named = axis => headingOf(axis) + (axis.values.length ? '' : ` (${CC.safe(axis.rivals.map(id => rivalName(axis, id)).join(' · '))})`);
  const [x0, x1] = ends(map.across), [y0, y1] = ends(map.up);
  const text = (x, y, words, anchor) => `<text x="${x}" y="${y}" text-anchor="${anchor}">${words}</text>`;
  const keys = [2, 1, 0, -1, -2].map(kind => `<span class="map-key"><svg width="16" height="12" aria-hidden="true"><rect width="16" height="12" fill="${CLASS_FILL[kind]}" stroke="#7b878c"/></svg>${CC.safeT('flips.class.' + kind)}</span>`).join('');
  return `<h3>${CC.safeT('flips.map')}</h3><svg class="flip-map" viewBox="0 0 460 288" role="img" aria-label="${CC.safeT('flips.map_of', { across: CC.label(map.across.kind, map.across.name, map.across.label), up: CC.label(map.up.kind, map.up.name, map.up.label) })}"><defs><pattern id="cannot-tell" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#f1f1ee"/><line x1="0" x2="0" y1="0" y2="6" stroke="#8b9296" stroke-width="1.6"/></pattern></defs>${tiles}${marks}${text(left, top + tall + 15, x0, 'start')}${text(left + wide, top + tall + 15, x1, 'end')}${text(left - 5, top + tall, y0, 'end')}${text(left - 5, top + 10, y1, 'end')}</svg><p class="small">→ ${named(map.across)}<br>↑ ${named(map.up)}</p><p class="map-keys">${keys}</p>${placed.length ? `<p class="map-keys" id="map-theories">${placed.map(([id]) => `<span class="map-key">${CC.glyph(id, 12)}${CC.safe(CC.theoryName(id))}</span>`).join('')}</p>` : ''}<p class="small">${CC.safeT('flips.map_how')}</p>${known.length ? mapTable(map, known, named) : ''}`;
}

/* Marks that would cover each other stand in a row above (or below) their places, each joined to its own by a line. */
const MARK = 18;
CC.flips.marks = (places, frame) => {
  const near = (one, other) => [[one.at, other.at, MARK], [one.at, other, MARK - 6], [one, other.at, MARK - 6]].some(([p, q, least]) => Math.hypot(p.x - q.x, p.y - q.y) < least);
  let groups = places.map((place, number) => [{ ...place, number, at: { x: place.x, y: place.y } }]);
  for (;;) {
    const first = groups.findIndex(group => groups.some(other => other !== group && group.some(one => other.some(two => near(one, two)))));
    if (first < 0) return groups.flat();
    const other = groups.findIndex((group, number) => number !== first && group.some(one => groups[first].some(two => near(one, two))));
    const joined = inRow([...groups[first], ...groups[other]], frame);
    groups = [...groups.filter((group, number) => number !== first && number !== other), joined];
  }
};

function inRow(members, frame) {
  const heights = members.map(({ y }) => y), half = MARK / 2, reach = ((members.length - 1) * (MARK + 2)) / 2;
  const middle = members.reduce((sum, { x }) => sum + x, 0) / members.length, above = Math.min(...heights) - MARK - 2;
  const x0 = Math.min(Math.max(middle, frame.left + half + reach), frame.right - half - reach) - reach;
  const y = above < frame.top + half ? Math.max(...heights) + MARK + 2 : above;
  return [...members].sort((one, other) => one.x - other.x || one.number - other.number).map((one, place) => ({ ...one, at: { x: x0 + place * (MARK + 2), y } }));
}

function marksMarkup(marks) {
  const short = value => value.toFixed(1), moved = marks.filter(({ x, y, at }) => x !== at.x || y !== at.y);
  const lines = moved.map(({ x, y, at }) => `<path d="M${short(x)} ${short(y)}L${short(at.x)} ${short(at.y)}" stroke="#fff" stroke-width="3.4"/><path d="M${short(x)} ${short(y)}L${short(at.x)} ${short(at.y)}" stroke="#1d2528"/>`).join('');
  const points = moved.map(({ x, y }) => `<circle cx="${short(x)}" cy="${short(y)}" r="3" fill="#1d2528" stroke="#fff"/>`).join('');
  return lines + points + marks.map(({ id, at }) => `<g class="map-mark" data-theory="${id}" transform="translate(${short(at.x - MARK / 2)} ${short(at.y - MARK / 2)})"><title>${CC.safe(CC.theoryName(id))}</title><circle cx="9" cy="9" r="9" fill="#fff" stroke="#1d2528" stroke-width=".8"/><path transform="translate(3 3)" d="${CC.theory(id).glyph}" fill="${CC.theory(id).colour}"/></g>`).join('');
}

/* Where the middle world of each theory lies, and what the map says there; a theory that mixes rivals has no one place. */
function mapTable(map, known, named) {
  const step = (axis, place, count) => { const at = Math.max(0, Math.min(count - 1, Math.floor(place * count))); return [at, axis.values.length ? figure(axis.values[at]) : CC.safe(rivalName(axis, axis.rivals[at] ?? ''))]; };
  const rows = known.map(([id, x, y]) => {
    const head = `<tr><th scope="row">${CC.glyph(id, 12)} ${CC.safe(CC.theoryName(id))}</th>`;
    if (x == null || y == null) return `${head}<td colspan="3">${CC.safeT('flips.map_no_place')}</td></tr>`;
    const [column, across] = step(map.across, x, map.classes[0].length), [row, up] = step(map.up, y, map.classes.length);
    return `${head}<td>${across}</td><td>${up}</td><td>${CC.safeT('flips.class.' + map.classes[row][column])}</td></tr>`;
  }).join('');
  return `<details><summary>${CC.safeT('table')}</summary><div class="scroll" tabindex="0" role="region" aria-label="${CC.safeT('flips.map')}"><table class="plain"><thead><tr><th scope="col">${CC.safeT('theory')}</th><th scope="col">${named(map.across)}</th><th scope="col">${named(map.up)}</th><th scope="col">${CC.safeT('flips.map_near')}</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

/* ---- the same figures elsewhere ---- */
const studyOf = () => {
  const found = CC.flips.found, { decision, years } = CC.case.calendar;
  return found || { worlds: CC.case.world_steps[1], seed: CC.case.seed, decision, years: years.length, theories: Object.fromEntries(CC.case.theories.map(({ id }) => [id, 1])) };
};

CC.flips.shell = () => {
  const S = CC.state, study = studyOf();
  return `${CC.share.shell({ ...study, theories: Object.keys(study.theories), out: 'flips-results' })}\ncrosscurrent flips flips-results ${S.a} ${CC.share.named()} --measure ${S.m}`;
};

CC.flips.python = () => `from crosscurrent import find_flips, load_case, open_results

case = load_case("${CC.edited() ? 'my-case' : CC.case.given}")
found = find_flips(open_results("flips-results"), case, "${CC.state.a}", "${CC.share.named()}", "${CC.state.m}")
print(found.state)
for row in found.theories:
    print(row.theory, row.side.ahead_b)`;
