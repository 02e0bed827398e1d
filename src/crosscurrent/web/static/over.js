'use strict';
/* What lies over the page (drawer and its levels, boxes, the sheet of levers), and the Back key: each has one entry of the
   browser's history. Back takes the topmost away and nothing else; what is closed by hand takes its entry with it. */
CC.over = {};

{
  let layers = [];        // what is open: { kind, undo }, the topmost last
  let entries = 0;        // entries of the history that stand for such layers
  let here = '';          // which page of the history they lie over
  let leaving = 0;        // a timer while the browser is going back on our behalf
  let unwritten = null;   // an address that waits until it has

  const newPage = () => Math.random().toString(36).slice(2);

  /* Browsers count these; one that has had enough is asked again a second later. */
  let asking = 0;
  function write(push, address, state) {
    try {
      history[push ? 'pushState' : 'replaceState'](state, '', address);
      return true;
    } catch (error) {
      if (error.name !== 'SecurityError') throw error;
      return false;
    }
  }

  CC.writeAddress = push => {
    clearTimeout(asking);
    tidy();
    if (leaving) { unwritten = unwritten || push; return; }
    const fresh = push && !layers.length, page = fresh || !here ? newPage() : here;
    if (write(fresh, CC.address(), { page, over: entries })) here = page;
    else asking = setTimeout(() => CC.writeAddress(push), 1000);
  };

  /* As many entries as layers. */
  let later = 0;
  function match() {
    clearTimeout(later);
    if (leaving) return;
    if (entries > layers.length) {
      leaving = setTimeout(arrived, 2000);
      history.go(layers.length - entries);
      return;
    }
    while (entries < layers.length) {
      if (!write(true, CC.address(), { page: here, over: entries + 1 })) { later = setTimeout(match, 1000); return; }
      entries += 1;
    }
  }

  /* The browser is back where we sent it. Its entry may have been written before what is on the screen was chosen. */
  function arrived() {
    clearTimeout(leaving);
    leaving = 0;
    entries = (history.state && history.state.over) || 0;
    const push = unwritten;
    unwritten = null;
    CC.writeAddress(Boolean(push));
    match();
  }

  CC.over.add = (kind, undo) => { layers.push({ kind, undo }); match(); };

  /* All layers of a kind are gone. */
  CC.over.drop = kind => { layers = layers.filter(layer => layer.kind !== kind); match(); };

  /* One step back within the page: a level of the drawer, by its button. */
  CC.over.back = () => { const top = layers.pop(); if (top) top.undo(); match(); };

  /* A dialog says that it was closed only after the script that closed it has gone on. */
  function tidy() {
    const gone = layers.filter(layer => layer.dialog && !layer.dialog.open);
    if (gone.length) { layers = layers.filter(layer => !gone.includes(layer)); match(); }
  }

  CC.over.show = dialog => {
    if (dialog.open) return;
    dialog.showModal();
    layers.push({ kind: dialog.id, dialog, undo: () => dialog.close() });
    match();
  };
  for (const dialog of CC.all('dialog')) dialog.addEventListener('close', () => { if (!dialog.open) CC.over.drop(dialog.id); });

  /* A reload keeps the entries but not what lay over the page. */
  CC.over.start = () => {
    entries = (history.state && history.state.over) || 0;
    here = (history.state && history.state.page) || '';
  };
  CC.over.started = match;

  /* True where a step through the history only opened or closed what lies over the page. */
  CC.over.stepped = state => {
    const { page = '', over = 0 } = state || {}, same = page !== '' && page === here;
    if (leaving && same) { arrived(); return true; }
    clearTimeout(leaving);
    leaving = 0;
    unwritten = null;
    entries = over;
    here = page;
    const before = layers.length;
    while (layers.length > (same ? over : 0)) layers.pop().undo();
    if (same && before > over) { CC.writeAddress(false); return true; }
    if (entries > layers.length) match();   // forward, to what was closed: the page below it
    return same;
  };
}
