'use strict';
/* The whole page: language, views, and every event in one place. */
(() => {
  const S = CC.state, one = CC.one;
  const builders = { flips: () => CC.flips.build(), claims: () => CC.claims.build(), record: () => CC.past.build(), sources: () => CC.sources.build() };

  /* The latest language wins, however late the words of an earlier one arrive. */
  async function speak() {
    if (S.lang === CC.language && CC.words.title) return;
    const wanted = S.lang, words = await CC.source.words(wanted);
    if (wanted !== S.lang) return;
    CC.words = words;
    CC.language = document.documentElement.lang = S.lang;
    document.title = CC.t('title');
    for (const element of CC.all('[data-text]')) element.textContent = CC.t(element.dataset.text);
    for (const element of CC.all('[data-label]')) element.setAttribute('aria-label', CC.t(element.dataset.label));
    const ribbon = one('#ribbon');
    ribbon.textContent = CC.t(CC.source.live ? 'ribbon' : 'ribbon.file', { seed: CC.case.seed, case: CC.case.digest.slice(0, 8) }) + (CC.fitted() ? ' ' + CC.t('ribbon.fitted') : '');
  }

  function chrome() {
    for (const button of CC.all('[data-lang]')) button.setAttribute('aria-pressed', button.dataset.lang === S.lang);
    for (const link of CC.all('[data-view]')) {
      if (link.dataset.view === S.view) { link.setAttribute('aria-current', 'page'); link.parentElement.scrollLeft = link.offsetLeft - link.parentElement.offsetLeft - 40; }
      else link.removeAttribute('aria-current');
    }
    for (const button of CC.all('[data-mode]')) button.setAttribute('aria-pressed', button.dataset.mode === S.mode);
    one('#middle').checked = S.middle;
    one('#as-table').checked = S.table;
    for (const view of CC.VIEWS) one('#view-' + view).hidden = view !== S.view;
    CC.compare.error('');
    const note = one('#stop-note');
    note.hidden = CC.source.live;
    if (!CC.source.live) note.textContent = CC.t('file.stops', { policy: CC.policyName(CC.source.data.stops_of) });
  }

  /* Every view but the comparison speaks of parameters or sources: their words come first, once. */
  async function showView(view) {
    if (CC.language !== 'en') await CC.texts().catch(() => {});
    if (S.view === view) builders[view]();
  }

  CC.render = (push = false) => {
    chrome();
    if (S.view === 'compare') {
      CC.compare.build();
      CC.asking.fresh();
    } else showView(S.view);
    CC.writeAddress(push);
  };

  function goTo(view) {
    S.view = view;
    CC.render(true);
    one('#main').focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  /* After markup was written anew, the focus returns to where it was. */
  const again = selector => { const found = one(selector); if (found) found.focus(); };

  function choosePolicy(which, id) {
    S[which] = id;
    if (which === 'b') S.over = {};
    CC.compare.resetScales();
    if (S.view === 'compare') { CC.levers.show(); CC.asking.fresh(); }
    CC.writeAddress(true);
  }

  /* Without its words a language is not taken on; the page says so until the reader does something else. */
  async function spoken(value) {
    try { await speak(); return true; } catch (error) {
      if (S.lang === value) S.lang = CC.language;
      CC.compare.told = CC.problem(error);
      CC.compare.error('');
      return false;
    }
  }
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => { CC.compare.told = ''; }, true);

  const clicks = {
    lang: async value => {
      S.lang = value;
      if (!await spoken(value) || S.lang !== value) return;
      CC.render();
      again(`[data-lang="${value}"]`);
    },
    mode: value => { S.mode = value; chrome(); CC.compare.build(); CC.writeAddress(false); },
    tab: value => { S.m = value; CC.compare.build(); CC.writeAddress(false); again(`[data-tab="${value}"]`); },
    choice: (id, button) => CC.levers.set(id, +button.dataset.value),
    explain: id => CC.explain.name(id),
    policy: id => { S.b = id; S.over = {}; CC.flips.chosen(); CC.pathways.mark(); again(`[data-policy="${id}"]`); CC.writeAddress(true); if (CC.small()) one('#flip-title').scrollIntoView(); },
    show: value => { S.filter = value; CC.claims.build(); again(`[data-show="${value}"]`); CC.writeAddress(false); },
    jump: subject => CC.claims.jump(subject),
    grade: value => { S.grade = value; CC.sources.show(); again(`[data-grade="${value}"]`); },
    pathTheory: id => { S.theory = id; CC.pathways.show(); CC.writeAddress(false); },
    goal: id => CC.pathways.goal(id),
    line: id => CC.pathways.line(id),
    path: id => CC.pathways.path(id),
    copy: (text, button) => CC.share.copy(text, button),
    download: kind => CC.share.download(kind),
    blend: () => CC.blend.open(),
  };
  const byId = {
    share: () => CC.share.open(),
    'drawer-back': () => CC.over.back(),
    'blend-equal': () => CC.blend.equal(),
    'blend-off': () => CC.blend.set(null),
    reset: () => { S.over = {}; CC.levers.show(); CC.asking.moved(); again('#b'); },
    'sheet-open': () => CC.levers.sheet(true),
    'sheet-close': () => CC.levers.sheet(false),
  };

  document.addEventListener('click', event => {
    const button = event.target.closest('button,a');
    if (!button) return;
    const data = button.dataset;
    if (button.tagName === 'BUTTON') button.focus({ preventScroll: true }); // some browsers do not, and a dialog returns the focus
    if (button.classList.contains('skip')) { event.preventDefault(); one('#main').focus(); return; }
    if (data.view) { event.preventDefault(); goTo(data.view); return; }
    if ('close' in data) { button.closest('dialog').close(); return; }
    if (button.classList.contains('cell')) { CC.explain.cell(data.measure, data.theory); return; }
    if (byId[button.id]) { byId[button.id](); return; }
    for (const [kind, act] of Object.entries(clicks)) if (kind in data) { act(data[kind], button); return; }
  });

  document.addEventListener('input', event => {
    const id = event.target.id || '';
    if (id.startsWith('l-')) CC.levers.moved(event.target);
    if (id === 'find') { S.find = event.target.value; CC.sources.show(); }
  });

  document.addEventListener('submit', event => {
    event.preventDefault();
    if (event.target.id === 'blend-form') CC.blend.submit();
  });

  document.addEventListener('change', event => {
    const { id, value, checked, dataset } = event.target;
    if (id === 'a' || id === 'b') choosePolicy(id, value);
    else if (id === 'year') { S.year = +value; CC.compare.paint(); CC.compare.words(); CC.writeAddress(true); }
    else if (id === 'middle') { S.middle = checked; CC.compare.paint(); CC.writeAddress(false); }
    else if (id === 'as-table') { S.table = checked; CC.compare.build(); CC.writeAddress(false); again('#as-table'); }
    else if (dataset.row) changeRow(+dataset.row, value);
    else if (id === 'table-measure') { S.m = value; CC.flips.build(); again('#table-measure'); CC.writeAddress(false); }
    else if (id === 'paths-objective') { S.objective = value; CC.pathways.show(); CC.writeAddress(false); }
    else if (id === 'table-year') { S.year = +value; CC.flips.table(); CC.writeAddress(false); }
  });

  function changeRow(place, measure) {
    const other = S.rows.indexOf(measure);
    if (other >= 0) S.rows[other] = S.rows[place];
    S.rows[place] = measure;
    if (!S.rows.includes(S.m)) S.m = measure;
    CC.compare.build();
    CC.asking.fresh();
    CC.writeAddress(false);
    again(`[data-row="${place}"]`);
  }

  document.addEventListener('keydown', event => {
    if ((event.target.id || '').startsWith('l-')) CC.levers.key(event);
    else if (event.target.classList && event.target.classList.contains('cell')) CC.compare.key(event);
    else if (event.key === 'Escape' && document.body.classList.contains('sheet') && !one('dialog[open]')) CC.levers.sheet(false);
  });

  const grid = one('#grid');
  grid.addEventListener('pointermove', event => {
    const cell = event.target.closest('.cell');
    if (!cell || event.pointerType === 'touch') return;
    const box = CC.one('canvas', cell).getBoundingClientRect(), last = CC.case.calendar.points - 1;
    if (event.clientY > box.bottom) { if (S.point !== null) CC.compare.unread(); return; } // the figures below a chart are of the year asked for
    CC.compare.read(cell.dataset.measure, cell.dataset.theory, Math.max(0, Math.min(last, Math.round(((event.clientX - box.left) / box.width) * last))));
  });
  grid.addEventListener('pointerleave', () => CC.compare.unread());
  grid.addEventListener('focusin', event => { const cell = event.target.closest('.cell'); if (cell) CC.compare.focused(cell); });

  addEventListener('popstate', async event => { if (CC.over.stepped(event.state) || !location.hash.startsWith('#/')) return; CC.readAddress(); await spoken(S.lang); CC.compare.resetScales(); CC.render(); });
  let wide = innerWidth, layout = CC.small();
  addEventListener('resize', () => {
    if (innerWidth === wide || !CC.case) return;
    wide = innerWidth;
    if (S.view !== 'compare') return;
    if (layout !== CC.small()) { layout = CC.small(); CC.compare.build(); }
    else { CC.compare.measureAll(); CC.compare.paint(); }
  });

  /* A server with too much to do is asked again for a while. */
  async function patiently(asked) {
    for (let tries = 0; ; tries++) {
      try { return await asked(); } catch (error) {
        if (error.status !== 429 || tries === 20) throw error;
        await new Promise(done => setTimeout(done, 1000));
      }
    }
  }

  async function start() {
    document.body.classList.add('starting');
    try {
      CC.takeCase(await patiently(() => CC.source.start()));
      CC.defaults();
      CC.readAddress();
      CC.over.start();
      await patiently(speak);
      document.body.classList.remove('unstarted');
      CC.render();
      CC.over.started();
      document.body.dataset.ready = 'yes';
    } catch (error) {
      // Before its words are there the page says it in both languages: see #unstarted.
      const notice = one('#notice');
      notice.textContent = CC.words.title ? CC.problem(error) : error.message || String(error);
      notice.hidden = false;
    } finally {
      document.body.classList.remove('starting');
    }
  }
  start();
})();
