'use strict';
/* What some browsers cannot do by themselves: lists of the question that are as wide as what is chosen (field-sizing). */
CC.fitLists = () => {};
if (!CSS.supports('field-sizing', 'content')) {
  const pen = document.createElement('canvas').getContext('2d'), ROOM = 28;
  CC.fitLists = () => {
    for (const list of CC.all('.question select')) {
      const { fontWeight, fontSize, fontFamily } = getComputedStyle(list), chosen = list.selectedOptions[0];
      pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
      list.style.width = `${Math.ceil(pen.measureText(chosen ? chosen.textContent : '').width) + ROOM}px`;
    }
  };
  let wide = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth === wide) return;
    wide = innerWidth;
    CC.fitLists();
  });
}

/* On paper: who made it, where the same picture is, and which levers were changed, for the levers themselves are not printed. */
(() => {
  const write = () => {
    if (!CC.case || !document.body.dataset.ready) return;
    const place = CC.one('#paper'), where = CC.source.live ? location.origin + location.pathname : '';
    const changed = Object.entries(CC.state.over).map(([id, value]) => `${CC.leverName(id)} ${CC.levers.text(CC.lever(id), value)}`);
    place.textContent = [CC.share.citation(), changed.length ? `${CC.t('levers.title')}: ${changed.join('; ')}.` : '', where + CC.address()].filter(Boolean).join(' ');
  };
  addEventListener('beforeprint', write);
  matchMedia('print').addEventListener('change', event => { if (event.matches) write(); });
})();
