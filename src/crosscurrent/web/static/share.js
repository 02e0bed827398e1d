'use strict';
/* How somebody else gets the same figures: link, Python, command line, one file, table of figures. */
CC.share = {};

CC.share.open = () => {
  CC.writeAddress(false);
  const S = CC.state, box = CC.one('#share-box'), code = S.view === 'flips'
    ? block('share.shell', CC.flips.shell()) + block('share.flips_python', CC.flips.python()) + (CC.pathways.found ? block('paths.shell', CC.pathways.shell()) : '')
    : block('share.python', CC.share.python()) + block('share.shell', CC.share.shell()) + (S.blend && S.view === 'compare' ? `<p class="small">${CC.safeT('blend.shell')}</p>` : '');
  box.innerHTML = `<div class="dialog-head"><h2 class="title" id="share-title">${CC.safeT('share.title')}</h2><button class="button" data-close>${CC.safeT('close')}</button></div>${linkBlock()}${fileBlock()}${savedBlock()}<details><summary>${CC.safeT('share.programmers')}</summary>${code}</details>${block('share.cite', CC.share.citation())}`;
  CC.over.show(box);
};

const block = (title, text, note = '') => `<h3>${CC.safeT(title)}</h3><pre tabindex="0">${CC.safe(text)}</pre>${note ? `<p class="small">${CC.safeT(note)}</p>` : ''}<button class="button" data-copy="${CC.safe(text)}">${CC.safeT('share.copy')}</button>`;

/* A link opens where the page is: for everybody, on this computer, or in this very file. */
const linkBlock = () => {
  const local = /^(localhost|127\.[\d.]+|\[::1\])$/.test(location.hostname);
  return block('share.link', CC.source.live ? location.origin + location.pathname + CC.address() : CC.address(), CC.source.live ? (local ? 'share.link_local' : '') : 'share.link_file');
};

const fileBlock = () => `<h3>${CC.safeT('share.file')}</h3><p>${CC.source.live ? `${CC.safeT('share.file_text')} <code>crosscurrent compare --out RESULTS</code> · <code>crosscurrent report RESULTS --page page.html</code>` : CC.safeT('share.file_here')}</p>`;

const savedBlock = () => (CC.asking.answer ? `<p class="buttons"><button class="button" data-download="csv">${CC.safeT('share.csv')}</button>${CC.one('#grid .cell') ? `<button class="button" data-download="png">${CC.safeT('share.png')}</button>` : ''}</p>` : '');

/* Worlds behind the figures: those of the file, or the most that the page asks for. */
CC.share.worlds = () => (CC.source.live ? CC.case.world_steps.at(-1) : CC.source.data.worlds);

/* Edited levers are a policy of one's own: a line in the case's policies. */
CC.share.policyYaml = () => {
  const levers = Object.entries(CC.leversB()).filter(([id, value]) => CC.lever(id) && value !== CC.lever(id).usual);
  const { rules, starts } = CC.policy(CC.state.b), further = (name, value) => (Object.keys(value || {}).length ? `\n  ${name}: ${JSON.stringify(value)}` : '');
  return `my-policy:\n  label: My policy\n  description: ${CC.policy(CC.state.b).label}, with levers changed on the page.\n  levers: {${levers.map(([id, value]) => `${id}: ${value}`).join(', ')}}${further('starts', starts)}${further('rules', rules)}`;
};

CC.share.named = () => (CC.edited() ? 'my-policy' : CC.state.b);

/* The study behind the view; other worlds, dates or theories, and a folder, may be asked for. */
CC.share.shell = (asked = {}) => {
  const S = CC.state, usual = { worlds: CC.share.worlds(), decision: CC.case.calendar.decision, years: CC.case.calendar.years.length, seed: CC.case.seed, theories: CC.case.theories.map(theory => theory.id) };
  const study = { ...usual, ...asked };
  const run = (name, where) => `crosscurrent compare${where} --policies ${[...new Set([S.a, name])].join(',')} --theories ${study.theories.join(',')} --worlds ${study.worlds} --decision ${study.decision} --years ${study.years} --seed ${study.seed}${CC.fitted() ? ` --beliefs ${where.includes('my-case') ? '"$POSTERIOR"' : CC.case.beliefs}` : ''}${study.out ? ` --out ${study.out}` : ''}`;
  if (!CC.edited()) return run(S.b, CC.case.given === 'us_mexico' ? '' : ` --case ${CC.case.given}`);
  const fitted = CC.case.beliefs === 'posterior' ? `POSTERIOR=$(python -c "from crosscurrent.study import posterior; print(posterior.posterior_path('${CC.case.given}', 'posterior'))")\n` : CC.fitted() ? `POSTERIOR=${CC.case.beliefs}\n` : '';
  return `${fitted}crosscurrent new-case my-case --from ${CC.case.given}\ncat >> my-case/policies.yaml <<'END'\n\n${CC.share.policyYaml()}\nEND\n${run('my-policy', ' --case my-case')}`;
};

CC.share.python = () => {
  const S = CC.state, { decision } = CC.case.calendar, years = CC.case.calendar.years.length;
  const theories = JSON.stringify(CC.case.theories.map(theory => theory.id)), worlds = CC.share.worlds(), blocks = Math.ceil(worlds / 64);
  return `import numpy as np
from crosscurrent.case import load_case
from crosscurrent.study.blocks import WorldBlocks${S.blend ? '\nfrom crosscurrent.web.blending import mixed_band' : ''}

worlds = WorldBlocks(load_case("${CC.case.given}"), "${decision}", ${years}, seed=${CC.case.seed}${CC.fitted() ? `, beliefs="${CC.case.beliefs}"` : ''})
a = worlds.orders("${S.a}", {})
b = worlds.orders("${S.b}", ${JSON.stringify(S.over)})
place, point = worlds.names.index("${S.m}"), ${CC.pointOf(S.year)}${S.blend ? '\ndifferences = []' : ''}
for theory in ${theories}:
    parts = []
    for k in range(${blocks}):  # ${worlds} worlds in blocks of 64, failed ones left out
        of_a, of_b = worlds.paths(a, theory, k), worlds.paths(b, theory, k)
        kept = ~(of_a.failed | of_b.failed)${worlds % 64 ? ` & (64 * k + np.arange(64) < ${worlds})` : ''}
        parts.append((of_b.values - of_a.values)[place, point, kept])
    print(theory, np.quantile(np.concatenate(parts), [0.05, 0.95]))${blendPython()}`;
};

/* The reader's own mixture of the same worlds: its interval, and the share of worlds in which B does better. */
const blendPython = () => {
  const S = CC.state, sign = CC.measure(S.m).better < 0 ? '<' : '>';
  return S.blend ? `
    differences.append(np.concatenate(parts))
weights = ${JSON.stringify(S.blend)}  # the reader's own, in the order of the theories
shares = [np.mean(difference ${sign} 0) for difference in differences]
print("blend", weights, mixed_band(differences, weights)[[0, 4]], np.average(shares, weights=weights))` : '';
};

CC.share.citation = () => `Crosscurrent ${CC.case.version}, case ${CC.case.case}@${CC.case.digest.slice(0, 8)}, seed ${CC.case.seed}${CC.fitted() ? `, beliefs: ${CC.case.beliefs}` : ''}.`;

CC.share.copy = async (text, button) => {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = CC.t('share.copied');
  } catch { button.textContent = CC.t('share.not_copied'); }
};

CC.share.csv = () => {
  const answer = CC.asking.answer, blended = CC.blend.of(answer), at_most = blended && !CC.source.live;
  const rows = [['measure', 'theory', 'date', 'worlds', 'a_p05', 'a_p95', 'b_p05', 'b_p95', 'difference_p05', 'difference_p50', 'difference_p95', 'share_b_better', 'share_a_better', 'share_error', ...(blended ? ['weights'] : []), ...(at_most ? ['share_error_at_most'] : [])]];
  const bands = (cell, at) => (cell.b ? [cell.a[0][at], cell.a[4][at], cell.b[0][at], cell.b[4][at], cell.d[0][at], cell.d[2][at], cell.d[4][at]] : Array(7).fill(''));
  for (const [measure, cells] of Object.entries(answer.cells)) {
    for (const [theory, cell] of Object.entries(cells)) {
      const own = theory === CC.BLEND;
      if (!cell.better || (own && !blended)) continue;
      cell.better.forEach((share, at) => rows.push([measure, own ? 'your-blend' : theory, monthOf(at), cell.worlds, ...bands(cell, at), share, cell.worse[at], cell.error ? cell.error[at] : '', ...(blended ? [own ? CC.blend.record() : ''] : []), ...(at_most ? [cell.bound ? cell.bound[at] : ''] : [])]));
    }
  }
  return rows.map(row => row.join(',')).join('\n') + '\n';
};

function monthOf(point) {
  const calendar = CC.case.calendar, month = calendar.month - 1 + (12 / calendar.per_year) * point;
  return `${calendar.years[0] - 1 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;
}

CC.share.download = kind => {
  if (!CC.asking.answer) return;
  const save = blob => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `crosscurrent-${CC.state.b}${CC.edited() && !CC.asking.answer.unchanged ? '-edited' : ''}${CC.state.blend ? '-blend-' + CC.state.blend.join('-') : ''}.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  if (kind === 'csv') save(new Blob([CC.share.csv()], { type: 'text/csv' }));
  else CC.sheet.draw().toBlob(save, 'image/png');
};
