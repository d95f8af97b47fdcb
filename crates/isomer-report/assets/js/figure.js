// Figures: a title, a picture that fits its width, and the numbers behind it as a table.

const tip = {
  show(text, x, y) {
    const node = $('tip');
    node.textContent = visible(text);
    node.hidden = false;
    const box = node.getBoundingClientRect();
    const left = Math.min(Math.max(8, x - box.width / 2), window.innerWidth - box.width - 8);
    const top = y - box.height - 12 > 4 ? y - box.height - 12 : y + 18;
    node.style.left = `${left}px`;
    node.style.top = `${top}px`;
  },
  hide() {
    $('tip').hidden = true;
  },
  start() {
    const over = (event) => {
      const node = event.target.closest?.('[data-tip]');
      if (!node) return tip.hide();
      const box = node.getBoundingClientRect();
      return tip.show(node.dataset.tip, box.left + box.width / 2, box.top);
    };
    document.addEventListener('mouseover', over);
    document.addEventListener('focusin', over);
    document.addEventListener('scroll', tip.hide, { capture: true, passive: true });
  },
};

const observer = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    const width = Math.round(contentRect.width);
    if (width > 0 && width !== target.drawnAt) {
      target.drawnAt = width;
      target.replaceChildren(target.draw(width));
    }
  }
});

// A place for a picture that is drawn anew when its width changes.
function picture(draw) {
  const node = h('div', { class: 'picture' });
  node.draw = draw;
  observer.observe(node);
  return node;
}

function redraw(node) {
  if (node.drawnAt) node.replaceChildren(node.draw(node.drawnAt));
}

function figure({ title, note, line, draw, numbers, wide, tag }) {
  return h('figure', { class: wide ? 'wide' : null },
    h('figcaption', null,
      h('h3', null, title, tag ? h('span', { class: 'tag' }, tag) : null),
      note ? h('p', { class: 'note' }, note) : null,
      line ?? null),
    picture(draw),
    numbers ? h('details', { class: 'numbers' }, h('summary', null, 'Numbers'), h('div', { class: 'scroll' }, numbers())) : null);
}

// About `most` round numbers from low to high.
function ticks(low, high, most, whole = false) {
  if (!(high > low)) return [low];
  const raw = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(raw));
  let step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw * 0.999);
  if (whole) step = Math.max(1, Math.round(step));
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-6; at += 1) found.push(Number((at * step).toPrecision(12)));
  return found;
}

const scale = (low, high, from, to) => (value) => from + ((value - low) / (high - low || 1)) * (to - from);

function label(x, y, text, attributes) {
  return s('text', { x, y, ...attributes }, text);
}

// How numbers of a kind are written.
const KINDS = {
  share: { tick: (value) => String(Number(value.toFixed(4))), value: (value) => value.toFixed(3), whole: false },
  rate: { tick: (value) => `${Math.round(value * 100)}${NARROW}%`, value: (value) => percent(value), whole: false },
  count: { tick: (value) => short(value), value: (value) => short(value), whole: true },
};

// The middle and where nine of ten lie, in words.
function inWords(spread, kind) {
  const { value } = KINDS[kind];
  const [, low, , middle, , high] = spread.quantiles;
  return h('p', { class: 'middle' }, 'median ', h('b', null, value(middle)), ` · 90${NARROW}% in ${value(low)} – ${value(high)}`);
}

const QUANTILES = ['least', '5 %', '25 %', 'median', '75 %', '95 %', 'greatest'];

function spreadTable(spread, kind) {
  const { value } = KINDS[kind];
  const width = (spread.high - spread.low) / spread.bins.length;
  return h('div', { class: 'beside' },
    table(['quantile', 'value'], [...QUANTILES.map((name, at) => [name, value(spread.quantiles[at])]), ['mean', value(spread.mean)], ['tasks', count(spread.count)]]),
    table(['from', 'to', 'tasks'], spread.bins.map((number, at) => [value(spread.low + width * at), value(spread.low + width * (at + 1)), number]).filter((row) => row[2] > 0)));
}
