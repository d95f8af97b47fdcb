// Pictures of distributions, shares and counts. Bars start at nought; axes say what they count.

// How a number is spread: bars, and below them 5-95 %, 25-75 % and the median.
function histogram(spread, { kind = 'share', unit = 'tasks', band = null, height = 148, what = '' } = {}) {
  return (width) => {
    const left = 34;
    const right = 18;
    const bottom = 34;
    const top = 8;
    const { low, high, bins, quantiles: q } = fromNought(spread);
    const { tick, value, whole } = KINDS[kind];
    const most = Math.max(...bins, 1);
    const x = scale(low, high, left, width - right);
    const y = scale(0, most, height - bottom, top);
    const size = (high - low) / bins.length;
    const step = x(low + size) - x(low);
    const parts = [];
    if (band) parts.push(s('rect', { class: 'band', x: x(band[0]), width: Math.max(1, x(band[1]) - x(band[0])), y: top, height: height - bottom - top }));
    for (const at of ticks(0, most, 2, true)) {
      parts.push(s('line', { class: at ? 'grid' : 'axis', x1: left, x2: width - right, y1: y(at), y2: y(at) }));
      parts.push(label(left - 6, y(at) + 4, count(at), { 'text-anchor': 'end' }));
    }
    bins.forEach((number, at) => {
      const start = low + size * at;
      const text = `${value(start)} to ${value(start + size)}: ${plural(number, unit.replace(/s$/, ''), unit)}`;
      if (number) parts.push(s('rect', { class: 'bar', x: x(start) + 0.75, width: Math.max(1, step - 1.5), y: y(number), height: Math.max(1, y(0) - y(number)) }));
      parts.push(s('rect', { class: 'catch', x: x(start), width: step, y: top, height: height - bottom - top, 'data-tip': text }));
    });
    const strip = height - 24;
    parts.push(s('line', { class: 'whisker', x1: x(clamp(q[1], low, high)), x2: x(clamp(q[5], low, high)), y1: strip, y2: strip }));
    parts.push(s('line', { class: 'box', x1: x(clamp(q[2], low, high)), x2: x(clamp(q[4], low, high)), y1: strip, y2: strip }));
    parts.push(s('circle', { class: 'median', cx: x(clamp(q[3], low, high)), cy: strip, r: 3.5 }));
    for (const at of ticks(low, high, Math.max(2, width / 90), whole)) {
      parts.push(label(x(at), height - 4, tick(at), { 'text-anchor': 'middle' }));
    }
    const title = `${what || 'Distribution'}: ${plural(spread.count, unit.replace(/s$/, ''), unit)}, median ${value(q[3])}, from ${value(q[0])} to ${value(q[6])}.`;
    return s('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': title }, s('title', null, title), parts);
  };
}

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// A cosine may be negative, and of texts it hardly ever is: then the axis begins at nought.
function fromNought(spread) {
  const half = spread.bins.length / 2;
  if (spread.low !== -1 || spread.high !== 1 || half % 1 || spread.bins.slice(0, half).some(Boolean)) return spread;
  return { ...spread, low: 0, bins: spread.bins.slice(half) };
}

// A tiny histogram without axes, for beside a number.
function spark(bins) {
  const most = Math.max(...bins, 1);
  return s('svg', { class: 'spark', viewBox: `0 0 ${bins.length * 5} 28`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    bins.map((number, at) => s('rect', { class: number ? 'bar' : 'stub', x: at * 5 + 0.5, width: 4, y: 27 - (26 * number) / most, height: (26 * number) / most + 1 })));
}

// The map without words, for beside a number.
function sparkMap(places) {
  const every = Math.ceil(places.length / 300);
  return s('svg', { class: 'spark', viewBox: '-104 -34 208 68', 'aria-hidden': 'true' }, places.filter((_, at) => at % every === 0).map((one) => s('circle', { class: 'bar', cx: one.x * 100, cy: -one.y * 30, r: 3, 'fill-opacity': 0.65 })));
}

// Shares with their intervals, one a line, on one axis.
function intervals(rows) {
  return (width) => {
    const names = width < 460 ? 0 : 190;
    const line = names ? 30 : 46;
    const values = 118;
    const height = rows.length * line + 26;
    const x = scale(0, 1, names + 8, width - values - 8);
    const bottom = height - 22;
    const parts = [0, 0.25, 0.5, 0.75, 1].map((at) => [
      s('line', { class: 'grid', x1: x(at), x2: x(at), y1: 4, y2: bottom }),
      label(x(at), height - 5, `${at * 100}${NARROW}%`, { 'text-anchor': 'middle' })]);
    rows.forEach((one, at) => {
      const { name } = one;
      const y = at * line + (names ? line / 2 : line - 12);
      const known = one.share !== null;
      parts.push(s('g', { 'data-tip': known ? `${name}: ${percent(one.share)} of ${count(one.of)}; 95 % interval ${percent(one.low)} to ${percent(one.high)}` : `${name}: not measured` },
        s('rect', { class: 'catch', x: 0, y: at * line, width, height: line }),
        label(names ? names - 4 : 0, names ? y + 4 : y - 16, name, { class: 'name', 'text-anchor': names ? 'end' : 'start' }),
        known ? [
          s('line', { class: 'interval', x1: x(one.low), x2: x(one.high), y1: y, y2: y }),
          s('circle', { class: 'point', cx: x(one.share), cy: y, r: 5 }),
          label(width - values, y + 4, percent(one.share), { class: 'strong' }),
          label(width, y + 4, `of ${count(one.of)}`, { 'text-anchor': 'end' })] : label(width - values, y + 4, 'not measured')));
    });
    return s('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': 'Shares with their 95 % intervals; the table below has the numbers.' }, parts);
  };
}

// Names with a number each, as bars beside them, in HTML so that long names wrap.
function bars(rows, { most = null, first = 12, write = count } = {}) {
  const top = most ?? Math.max(...rows.map((row) => row.value), 1);
  const one = (row) => h('li', { 'data-tip': row.tip ?? null },
    h('span', { class: 'bar-name' }, row.node ?? row.name),
    h('span', { class: 'bar-track' }, h('span', { class: 'bar-fill', style: { width: `${Math.max(0.5, (100 * row.value) / top)}%` } })),
    h('span', { class: 'bar-value' }, write(row.value)));
  const list = h('ol', { class: 'bars' }, rows.slice(0, first).map(one));
  if (rows.length <= first) return list;
  const more = h('button', { class: 'more', type: 'button', onclick: () => {
    list.append(...rows.slice(first).map(one));
    more.remove();
  } }, `${count(rows.length - first)} more`);
  return h('div', null, list, more);
}

// pass@k with its intervals; k doubles from step to step.
function passCurve(points) {
  return (width) => {
    const height = 190;
    const [left, right, top, bottom] = [44, 16, 10, 36];
    const last = Math.log2(points.at(-1).k) || 1;
    const x = (k) => left + 14 + (Math.log2(k) / last) * (width - left - right - 28);
    const y = scale(0, 1, height - bottom, top);
    const parts = [0, 0.25, 0.5, 0.75, 1].map((at) => [
      s('line', { class: at ? 'grid' : 'axis', x1: left, x2: width - right, y1: y(at), y2: y(at) }),
      label(left - 6, y(at) + 4, `${at * 100}${NARROW}%`, { 'text-anchor': 'end' })]);
    parts.push(s('polygon', { class: 'ribbon', points: [...points.map((one) => `${x(one.k)},${y(one.high)}`), ...points.toReversed().map((one) => `${x(one.k)},${y(one.low)}`)].join(' ') }));
    parts.push(s('polyline', { class: 'curve', points: points.map((one) => `${x(one.k)},${y(one.mean)}`).join(' ') }));
    for (const one of points) {
      parts.push(s('g', { 'data-tip': `pass@${one.k}: ${percent(one.mean)}, 95 % interval ${percent(one.low)} to ${percent(one.high)}` },
        s('line', { class: 'interval', x1: x(one.k), x2: x(one.k), y1: y(one.low), y2: y(one.high) }),
        s('circle', { class: 'point', cx: x(one.k), cy: y(one.mean), r: 5 }),
        label(x(one.k), height - 18, one.k, { 'text-anchor': 'middle' })));
    }
    parts.push(label((left + width - right) / 2, height - 3, 'k, samples per task', { 'text-anchor': 'middle' }));
    return s('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': `pass@k: ${points.map((one) => `${one.k}: ${percent(one.mean)}`).join(', ')}` }, parts);
  };
}
