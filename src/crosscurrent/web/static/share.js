'use strict';
/* How somebody else gets the same figures: link, Python, command line, one file, table of figures. */
CC.share = {};

CC.share.open = () => {
  CC.writeAddress(false);
  const box = CC.one('#share-box');
  const block = (title, text) => `<h3>${CC.safeT(title)}</h3><pre tabindex="0">${CC.safe(text)}</pre><button class="button" data-copy="${CC.safe(text)}">${CC.safeT('share.copy')}</button>`;
  const flips = CC.state.view === 'flips';
  const link = CC.source.live ? location.origin + location.pathname + CC.address() : CC.address();
  box.innerHTML = `<div class="dialog-head"><h2 class="title" id="share-title">${CC.safeT('share.title')}</h2><button class="button" data-close>${CC.safeT('close')}</button></div>${block('share.link', link)}${flips ? block('share.shell', CC.flips.shell()) + block('share.flips_python', CC.flips.python()) + (CC.pathways.found ? block('paths.shell', CC.pathways.shell()) : '') : block('share.python', CC.share.python()) + block('share.shell', CC.share.shell())}${CC.state.blend && CC.state.view === 'compare' ? `<p class="small">${CC.safeT('blend.shell')}</p>` : ''}<h3>${CC.safeT('share.file')}</h3><p>${CC.safeT('share.file_text')}</p><pre tabindex="0">crosscurrent report RESULTS --page page.html</pre>${CC.asking.answer ? `<p class="buttons"><button class="button" data-download="csv">${CC.safeT('share.csv')}</button><button class="button" data-download="png">${CC.safeT('share.png')}</button></p>` : ''}${block('share.cite', CC.share.citation())}`;
  CC.over.show(box);
};

/* Edited levers are a policy of one's own: a line in the case's policies. */
CC.share.policyYaml = () => {
  const levers = Object.entries(CC.leversB()).filter(([id, value]) => CC.lever(id) && value !== CC.lever(id).usual);
  const { rules, starts } = CC.policy(CC.state.b), further = (name, value) => (Object.keys(value || {}).length ? `\n  ${name}: ${JSON.stringify(value)}` : '');
  return `my-policy:\n  label: My policy\n  description: ${CC.policy(CC.state.b).label}, with levers changed on the page.\n  levers: {${levers.map(([id, value]) => `${id}: ${value}`).join(', ')}}${further('starts', starts)}${further('rules', rules)}`;
};

CC.share.named = () => (CC.edited() ? 'my-policy' : CC.state.b);

/* The study behind the view; other worlds, dates or theories, and a folder, may be asked for. */
CC.share.shell = (asked = {}) => {
  const S = CC.state, usual = { worlds: CC.case.world_steps.at(-1), decision: CC.case.calendar.decision, years: CC.case.calendar.years.length, seed: CC.case.seed, theories: CC.case.theories.map(theory => theory.id) };
  const study = { ...usual, ...asked };
  const run = (name, where) => `crosscurrent compare${where} --policies ${[...new Set([S.a, name])].join(',')} --theories ${study.theories.join(',')} --worlds ${study.worlds} --decision ${study.decision} --years ${study.years} --seed ${study.seed}${CC.fitted() ? ` --beliefs ${where.includes('my-case') ? '"$POSTERIOR"' : CC.case.beliefs}` : ''}${study.out ? ` --out ${study.out}` : ''}`;
  if (!CC.edited()) return run(S.b, CC.case.given === 'us_mexico' ? '' : ` --case ${CC.case.given}`);
  const fitted = CC.case.beliefs === 'posterior' ? `POSTERIOR=$(python -c "from crosscurrent.study import posterior; print(posterior.posterior_path('${CC.case.given}', 'posterior'))")\n` : CC.fitted() ? `POSTERIOR=${CC.case.beliefs}\n` : '';
  return `${fitted}crosscurrent new-case my-case --from ${CC.case.given}\ncat >> my-case/policies.yaml <<'END'\n\n${CC.share.policyYaml()}\nEND\n${run('my-policy', ' --case my-case')}`;
};

CC.share.python = () => {
  const S = CC.state, { decision } = CC.case.calendar, years = CC.case.calendar.years.length;
  const theories = JSON.stringify(CC.case.theories.map(theory => theory.id)), worlds = CC.case.world_steps.at(-1);
  return `import numpy as np
from crosscurrent.case import load_case
from crosscurrent.study.blocks import WorldBlocks${S.blend ? '\nfrom crosscurrent.web.blending import mixed_band' : ''}

worlds = WorldBlocks(load_case("${CC.case.given}"), "${decision}", ${years}, seed=${CC.case.seed}${CC.fitted() ? `, beliefs="${CC.case.beliefs}"` : ''})
a = worlds.orders("${S.a}", {})
b = worlds.orders("${S.b}", ${JSON.stringify(S.over)})
place, point = worlds.names.index("${S.m}"), ${CC.pointOf(S.year)}${S.blend ? '\ndifferences = []' : ''}
for theory in ${theories}:
    parts = []
    for k in range(${worlds / 64}):  # ${worlds} worlds in blocks of 64, failed ones left out
        of_a, of_b = worlds.paths(a, theory, k), worlds.paths(b, theory, k)
        parts.append((of_b.values - of_a.values)[place, point, ~(of_a.failed | of_b.failed)])
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

/* All charts of the view on one sheet, with the question, the worlds and the seed written on it. */
CC.share.png = () => {
  const fans = CC.all('#grid .cell'), columns = CC.case.theories.length + (CC.state.blend ? 1 : 0), wide = 210, tall = 146, left = 20, top = 116;
  const sheet = document.createElement('canvas'), rows = Math.ceil(fans.length / columns);
  sheet.width = left + columns * wide;
  sheet.height = top + rows * tall + 34;
  const pen = sheet.getContext('2d');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.fillStyle = CC.INK.text;
  pen.font = '600 18px sans-serif';
  pen.fillText(`B: ${CC.nameB()}   A: ${CC.policyName(CC.state.a)}`, left, 30);
  pen.font = '13px sans-serif';
  pen.fillText(CC.one('#badge').textContent + '   ' + CC.t('legend.band'), left, 54);
  if (CC.state.blend) pen.fillText(`${CC.blend.name()}: ${CC.case.theories.map((theory, place) => `${CC.theoryName(theory.id)} ${CC.state.blend[place]}`).join('; ')}`, left, 74);
  fans.forEach((cell, number) => {
    const x = left + (number % columns) * wide, y = top + Math.floor(number / columns) * tall, { measure, theory } = cell.dataset;
    pen.fillText(theory === CC.BLEND ? `${CC.t('blend.title')} ${CC.state.blend.join('·')}` : CC.theoryName(theory), x, y - 20, wide - 16);
    pen.fillText(CC.measureName(measure), x, y - 4, wide - 16);
    pen.drawImage(CC.one('canvas', cell), x, y, wide - 16, tall - 56);
    pen.fillText(CC.all('.caption span', cell).map(part => part.textContent).join('   '), x, y + tall - 40, wide - 16);
  });
  pen.fillText(CC.share.citation(), left, sheet.height - 10);
  return sheet;
};

CC.share.download = kind => {
  if (!CC.asking.answer) return;
  const save = blob => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `crosscurrent-${CC.state.b}${CC.state.blend ? '-blend-' + CC.state.blend.join('-') : ''}.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  if (kind === 'csv') save(new Blob([CC.share.csv()], { type: 'text/csv' }));
  else CC.share.png().toBlob(save, 'image/png');
};
