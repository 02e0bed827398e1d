'use strict';
/* Asking: 64 worlds a theory while a lever moves, 256 at rest, 1,024 when idle. The latest question wins. */
CC.asking = {
  answer: null,        // what is drawn
  levels: null,        // bands of A, kept while A stays the same
  settled: false,
  sequence: 0,
  busy: false,         // a question of the smallest step is on its way
  again: false,        // levers have moved since
  controller: null,
  timer: 0,
  tries: 0,            // how often a server that is busy or away has been asked again
  began: 0,            // when the hand moved, for the measurement
};

const REST = 180, IDLE = 700, SLOW = 1000;

/* How often and after how long a question is asked again: a busy server soon, one that is away for ten minutes. */
const patience = error => (error.status === 429 ? { tries: 5, pause: 1500 } : error.status === 503 || !error.status && !(error instanceof CC.Refused) ? { tries: 200, pause: 3000 } : { tries: 0 });

/* Called with every movement; at most one small question is on its way. */
CC.asking.moved = () => {
  const asking = CC.asking;
  clearTimeout(asking.timer);
  asking.settled = false;
  if (asking.busy) { asking.again = true; return; }
  asking.began = performance.now();
  ask(CC.case.world_steps[0], true);
};

/* After a change of policy, measure or view: the small answer first, the larger ones follow at once. */
CC.asking.fresh = () => {
  const asking = CC.asking;
  clearTimeout(asking.timer);
  asking.settled = asking.busy = asking.again = false;
  asking.levels = null;
  asking.began = performance.now();
  ask(CC.case.world_steps[0], false);
};

function question(worlds) {
  const S = CC.state, asking = CC.asking, measures = [...S.rows];
  if (!measures.includes(S.m)) measures[measures.length - 1] = S.m;
  const known = asking.levels && asking.levels.worlds === worlds && asking.levels.of === S.a + measures.join();
  return { a: S.a, b: S.b, levers: { ...S.over }, worlds, measures, blend: S.blend || undefined, with_a: !known, sequence: ++asking.sequence };
}

async function ask(worlds, moving) {
  const asking = CC.asking, asked = question(worlds), small = worlds === CC.case.world_steps[0];
  if (asking.controller) asking.controller.abort();
  asking.controller = new AbortController();
  asking.busy = small;
  CC.compare.waiting(true, asking.settled);
  const slow = setTimeout(() => CC.compare.slow(true), SLOW);
  try {
    const found = await CC.source.compare(asked, asking.controller.signal);
    if (asked.sequence !== asking.sequence) return;
    take(asked, found);
    asking.tries = 0;
    CC.compare.error('');
    CC.compare.paint();
    if (small && moving) measureDrawing();
    next(worlds, moving);
  } catch (error) {
    if (asked.sequence !== asking.sequence || error.name === 'AbortError') return;
    asking.busy = false;
    if (CC.source.live && asking.answer && asking.answer.about !== aboutOf(asked)) {
      asking.answer = null; // figures of another question never stand under the name of this one
      CC.compare.build();
    }
    const { tries, pause } = CC.source.live ? patience(error) : { tries: 0 }, later = asking.tries < tries;
    CC.compare.error(CC.problem(error));
    if (!asking.answer || !CC.source.live) CC.compare.refused(later);
    CC.writeAddress(false); // the question stands, whether it is answered or not
    if (asking.again) { asking.again = false; CC.asking.moved(); }
    else if (later) { asking.tries += 1; asking.timer = setTimeout(() => ask(worlds, moving), pause); }
  } finally {
    clearTimeout(slow);
    if (asked.sequence === asking.sequence) CC.compare.slow(false);
  }
}

/* Put the bands of A, which are sent only when they changed, beside those of B. */
function take(asked, found) {
  const asking = CC.asking, of = asked.a + asked.measures.join();
  if (asked.with_a) {
    const levels = {};
    for (const [measure, cells] of Object.entries(found.cells)) {
      levels[measure] = Object.fromEntries(Object.entries(cells).map(([theory, cell]) => [theory, cell.a]));
    }
    asking.levels = { worlds: asked.worlds, of, levels };
  } else {
    for (const [measure, cells] of Object.entries(found.cells)) {
      for (const [theory, cell] of Object.entries(cells)) cell.a = asking.levels.levels[measure][theory];
    }
  }
  found.about = aboutOf(asked);
  asking.answer = found;
}

/* What a question is about, whatever its number of worlds. */
const aboutOf = asked => JSON.stringify([asked.a, asked.b, asked.levers]);

/* More worlds follow when the hand rests; words are written when the worlds allow it. */
function next(worlds, moving) {
  const asking = CC.asking, steps = CC.case.world_steps, place = steps.indexOf(worlds);
  asking.busy = false;
  if (asking.again) { asking.again = false; CC.asking.moved(); return; }
  const more = CC.source.live ? steps[place + 1] : undefined;
  if (place >= 1 || !CC.source.live) {
    asking.settled = true;
    CC.compare.waiting(false);
    CC.compare.words();
    CC.writeAddress(false);
  }
  if (more) asking.timer = setTimeout(() => ask(more, false), place === 0 ? (moving ? REST : 0) : IDLE);
}

/* From the movement of the hand to the frame that shows it. */
function measureDrawing() {
  const began = CC.asking.began;
  requestAnimationFrame(() => setTimeout(() => performance.measure('lever-to-picture', { start: began, end: performance.now() })));
}
