'use strict';
/* All charts of the view on one picture that is read alone: question, answer, policies, scales, years, date of reading, origin. */
CC.sheet = {};

const SHEET = { left: 20, gutter: 62, wide: 208, tall: 92, gap: 14, scale: 2 };

/* Lines of a text that fit a width. */
function linesOf(pen, text, width) {
  const lines = [];
  for (const word of text.split(' ')) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/* What stands above the charts: style, text, and room below. */
function headLines(pen, width) {
  const S = CC.state, year = CC.pointOf(S.year), answer = CC.asking.answer;
  const parts = [['600 20px', CC.t('ribbon')], ['600 20px', `${CC.t('question.if')} B: ${CC.compare.shownB()}, ${CC.t('question.instead')} A: ${CC.policyName(S.a)}${CC.t('question.what')} ${S.year}${CC.t('question.end')}`]];
  parts[0][0] = '600 14px';
  if (CC.asking.settled && !answer.unchanged) parts.push(['14px', CC.one('#answer').textContent]);
  if (answer.unchanged) parts.push(['14px', CC.one('#notice').textContent]);
  parts.push(['13px', `${CC.compare.badge(true)}. ${CC.t('sheet.below', { date: CC.dateOf(year) })}`]);
  if (S.blend) parts.push(['13px', `${CC.blend.name()}: ${CC.case.theories.map((theory, place) => `${CC.theoryName(theory.id)} ${S.blend[place]}`).join('; ')}`]);
  return parts.flatMap(([style, text]) => {
    pen.font = style + ' sans-serif';
    return linesOf(pen, text, width).map(line => [style, line]);
  });
}

function legendOf(pen, x, y) {
  const names = [[CC.INK.a, `A: ${CC.policyName(CC.state.a)}`], [CC.INK.b, `B: ${CC.compare.shownB()}`]];
  pen.font = '600 13px sans-serif';
  for (const [colour, text] of names) {
    pen.fillStyle = colour;
    pen.fillRect(x, y - 11, 20, 12);
    pen.fillText(text, x + 26, y);
    x += 26 + pen.measureText(text).width + 24;
  }
  pen.fillStyle = CC.INK.text;
  pen.font = '13px sans-serif';
  pen.fillText(CC.t(CC.state.mode === 'levels' ? 'legend.band' : 'legend.difference'), x, y);
}

/* Zero and one tick beside the chart; the unit is in the heading of the row. */
function scaleOf(pen, measure, x, y) {
  const { low, high, ticks } = CC.compare.axisOf(measure), factor = CC.factor(measure), top = ticks.filter(value => value > 0).at(-1);
  pen.font = '11px sans-serif';
  pen.textAlign = 'right';
  for (const value of [0, top]) if (value !== undefined) {
    const at = y + SHEET.tall * (1 - (value - low) / (high - low));
    pen.fillText(CC.tick(value * factor, CC.state.mode !== 'levels'), x - 6, at + 4);
    pen.fillRect(x - 4, at - 0.5, 4, 1);
  }
  pen.textAlign = 'left';
}

function chart(pen, cell, x, y) {
  const { measure, theory } = cell.dataset, width = SHEET.wide, blended = theory === CC.BLEND, mark = CC.theory(theory);
  pen.save();
  pen.translate(x, y - 13);
  pen.fillStyle = mark.colour;
  pen.fill(new Path2D(mark.glyph));
  pen.restore();
  pen.fillStyle = CC.INK.text;
  pen.font = '600 13px sans-serif';
  pen.fillText(blended ? `${CC.t('blend.title')} ${CC.state.blend.join('·')}` : CC.theoryName(theory), x + 17, y - 3, width - 17);
  const top = y + 6;
  pen.drawImage(CC.one('canvas', cell), x, top, width, SHEET.tall);
  pen.strokeStyle = CC.INK.pale;
  pen.strokeRect(x, top, width, SHEET.tall);
  if (CC.asking.answer.cells[measure][theory].b) scaleOf(pen, measure, x, top);
  pen.font = '11px sans-serif';
  const years = CC.compare.years();
  years.forEach((year, place) => {
    pen.textAlign = ['left', 'center', 'right'][place];
    pen.fillText(year, x + (place / 2) * width, top + SHEET.tall + 13);
  });
  pen.textAlign = 'left';
  pen.font = '12.5px sans-serif';
  CC.all('.caption span', cell).forEach((part, line) => pen.fillText(part.textContent, x, top + SHEET.tall + 30 + 15 * line, width));
}

/* Canvas of the sheet; its charts are those drawn on the page, its words those of the page's language. */
CC.sheet.draw = () => {
  const cells = CC.all('#grid .cell'), columns = CC.case.theories.length + (CC.state.blend ? 1 : 0), rows = Math.ceil(cells.length / columns);
  const { left, gutter, wide, tall, gap, scale } = SHEET, column = gutter + wide + gap, row = tall + 100, width = 2 * left + columns * column;
  const canvas = document.createElement('canvas'), pen = canvas.getContext('2d'), head = headLines(pen, width - 2 * left);
  const top = 36 + head.length * 24 + 30;
  canvas.width = scale * width;
  canvas.height = scale * (top + rows * row + 34);
  pen.scale(scale, scale);
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, width, canvas.height);
  pen.fillStyle = CC.INK.text;
  head.forEach(([style, line], number) => { pen.font = style + ' sans-serif'; pen.fillText(line, left, 30 + number * 24); });
  legendOf(pen, left, 36 + head.length * 24);
  cells.forEach((cell, number) => {
    const y = top + Math.floor(number / columns) * row, { measure } = cell.dataset;
    pen.fillStyle = CC.INK.text;
    pen.font = '600 14px sans-serif';
    if (number % columns === 0) pen.fillText(`${CC.measureName(measure)} (${CC.unitName(measure)})`, left, y + 4);
    chart(pen, cell, left + gutter + (number % columns) * column, y + 26);
  });
  const saved = new Intl.DateTimeFormat(CC.locale(), { dateStyle: 'long' }).format(new Date());
  pen.font = '12px sans-serif';
  pen.fillText(`${CC.share.citation()} ${CC.t('sheet.saved', { date: saved })}`, left, top + rows * row + 18);
  return canvas;
};
